package org.smmulator.machine.faults;

import java.util.function.IntPredicate;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.faults.Fault.Invalidation;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.SmmuPages;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * The ways in which software asks each kind of IOMMU for an invalidation. To empty everything, as a
 * reset does, is none of them.
 */
final class InvalidationRequests {
  private static final int BANK_MASK = 0xfff;
  private static final String SMMU_V3 = "arm,smmu-v3";
  private static final String SYSMMU = "samsung,exynos-sysmmu";
  private static final String QCOM_BANK = "qcom,msm-iommu-v1-ns";
  private static final String QCOM_SECURE_BANK = "qcom,msm-iommu-v1-sec";

  private InvalidationRequests() {}

  /** Returns whether the device is an IOMMU, or a context bank of one, that is known here. */
  static boolean isHeardBy(DtNode device) {
    return hasCommandQueue(device)
        || device.isCompatible(SYSMMU)
        || isQcomBank(device)
        || isSmmuV2(device);
  }

  /** Returns whether the device takes commands out of a queue in memory. */
  static boolean hasCommandQueue(DtNode device) {
    return device.isCompatible(SMMU_V3);
  }

  /** Returns whether a command of an SMMUv3 asks for an invalidation {@code of} that. */
  static boolean isCommand(Invalidation of, int opcode) {
    return switch (of) {
      case TLB -> opcode >= Cmd.TLBI_NH_ALL && opcode < Cmd.TLBI_NSNH_ALL;
      case DEVICE_TLB -> opcode == Cmd.ATC_INV;
      case PASID -> opcode == Cmd.CFGI_CD || opcode == Cmd.CFGI_CD_ALL;
      case GPU_TLB -> false;
    };
  }

  /** Returns whether a store at an offset of the device's registers invalidates translations. */
  static IntPredicate stores(DtNode device, MmioTarget registers) {
    if (device.isCompatible(SYSMMU)) {
      return sysmmu(registers);
    }
    if (isQcomBank(device)) {
      return InvalidationRequests::isOfBank;
    }
    return isSmmuV2(device) ? smmuV2(registers) : _ -> false;
  }

  private static boolean isQcomBank(DtNode device) {
    return device.isCompatible(QCOM_BANK) || device.isCompatible(QCOM_SECURE_BANK);
  }

  private static boolean isSmmuV2(DtNode device) {
    return device.compatible().stream()
        .anyMatch(each ->
            each.equals("qcom,adreno-smmu")
                || each.equals("qcom,smmu-v2")
                || each.startsWith("arm,mmu-")
                || each.equals("arm,smmu-v1")
                || each.equals("arm,smmu-v2"));
  }

  private static IntPredicate smmuV2(MmioTarget registers) {
    SmmuPages pages = SmmuPages.of(registers.read32(Gr0.ID1.offset()));
    int firstBank = pages.bankOffset(0);
    int inPage = (1 << pages.pageShift()) - 1;
    return offset ->
        offset >= firstBank ? isOfBank(offset & inPage) : offset == Gr0.TLBIVMID.offset();
  }

  /** All from TLBIVA to TLBIIPAS2L; TLBSYNC comes after them. */
  private static boolean isOfBank(int offset) {
    return (offset & BANK_MASK) >= Cb.TLBIVA.offset()
        && (offset & BANK_MASK) <= Cb.TLBIIPAS2L.offset();
  }

  /** The registers of a variant; all but the range are in the same order. */
  private static IntPredicate sysmmu(MmioTarget registers) {
    SysmmuVariant variant =
        SysmmuVariant.ofVersion(
            registers.read32(SysmmuRegs.VERSION.offset()), reg -> registers.read32(reg.offset()));
    return offset ->
        offset == variant.flushAll().offset()
            || offset == variant.flushEntry().offset()
            || (variant.hasRanges() && offset == variant.flushRange().offset());
  }
}
