package org.smmulator.iommu.exynos;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.regs.sysmmu.SysmmuV1FaultRegs;
import org.smmulator.regs.sysmmu.SysmmuV5FaultRegs;
import org.smmulator.regs.sysmmu.SysmmuV7FaultRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * A fault, as the fault registers report it. Kernel: {@code struct sysmmu_fault}.
 *
 * @param iova the address of the access
 * @param name the kind of fault, in the kernel's words
 * @param flags {@link IommuFaultHandler#READ} or {@link IommuFaultHandler#WRITE}
 */
record ExynosSysmmuFault(long iova, String name, int flags) {
  private record V1Kind(Reg32 iova, String name, int flags) {}

  private static final ImmutableList<V1Kind> V1 =
      ImmutableList.of(
          new V1Kind(SysmmuV1FaultRegs.PAGE_FAULT_ADDR, "PAGE", IommuFaultHandler.READ),
          new V1Kind(SysmmuV1FaultRegs.AR_FAULT_ADDR, "MULTI-HIT", IommuFaultHandler.READ),
          new V1Kind(SysmmuV1FaultRegs.AW_FAULT_ADDR, "MULTI-HIT", IommuFaultHandler.WRITE),
          new V1Kind(SysmmuV1FaultRegs.DEFAULT_SLAVE_ADDR, "BUS ERROR", IommuFaultHandler.READ),
          new V1Kind(
              SysmmuV1FaultRegs.AR_FAULT_ADDR, "SECURITY PROTECTION", IommuFaultHandler.READ),
          new V1Kind(SysmmuV1FaultRegs.AR_FAULT_ADDR, "ACCESS PROTECTION", IommuFaultHandler.READ),
          new V1Kind(
              SysmmuV1FaultRegs.AW_FAULT_ADDR, "SECURITY PROTECTION", IommuFaultHandler.WRITE),
          new V1Kind(
              SysmmuV1FaultRegs.AW_FAULT_ADDR, "ACCESS PROTECTION", IommuFaultHandler.WRITE));

  private static final ImmutableList<String> V5 =
      ImmutableList.of("PTW", "PAGE", "MULTI-HIT", "ACCESS PROTECTION", "SECURITY PROTECTION");

  private static final ImmutableList<String> V7 =
      ImmutableList.of("PTW", "PAGE", "ACCESS PROTECTION", "RESERVED");

  /**
   * Reads the fault of a bit of INT_STATUS; null for an unknown bit. Kernel: {@code
   * get_fault_info()}.
   */
  static @Nullable ExynosSysmmuFault read(Mmio registers, SysmmuVariant variant, int bit) {
    return switch (variant) {
      case V1 -> readV1(registers, bit);
      case V5 -> readV5(registers, bit);
      case V7, V7_VM -> readV7(registers, variant, bit);
    };
  }

  private static @Nullable ExynosSysmmuFault readV1(Mmio registers, int bit) {
    if (bit >= V1.size()) {
      return null;
    }
    V1Kind kind = V1.get(bit);
    return of(registers.read(kind.iova()), kind.name(), kind.flags());
  }

  private static @Nullable ExynosSysmmuFault readV5(Mmio registers, int bit) {
    if (bit < V5.size()) {
      return of(registers.read(SysmmuV5FaultRegs.AR_VA), V5.get(bit), IommuFaultHandler.READ);
    }
    int writeBit = bit - SysmmuV5FaultRegs.WRITE;
    if (writeBit >= 0 && writeBit < V5.size()) {
      return of(registers.read(SysmmuV5FaultRegs.AW_VA), V5.get(writeBit), IommuFaultHandler.WRITE);
    }
    return null;
  }

  private static ExynosSysmmuFault readV7(Mmio registers, SysmmuVariant variant, int bit) {
    int info = registers.read(SysmmuV7FaultRegs.info(variant));
    return of(
        registers.read(SysmmuV7FaultRegs.va(variant)),
        V7.get(bit % SysmmuV7FaultRegs.BITS_PER_MACHINE),
        SysmmuV7FaultRegs.INFO_WRITE.isSet(info)
            ? IommuFaultHandler.WRITE
            : IommuFaultHandler.READ);
  }

  private static ExynosSysmmuFault of(int iova, String name, int flags) {
    return new ExynosSysmmuFault(Integer.toUnsignedLong(iova), name, flags);
  }

  @Override
  public String toString() {
    String direction = flags == IommuFaultHandler.READ ? "READ" : "WRITE";
    return "[%s] %s FAULT occurred at %#x".formatted(direction, name, iova);
  }
}
