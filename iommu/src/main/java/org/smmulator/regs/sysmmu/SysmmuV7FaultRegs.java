package org.smmulator.regs.sysmmu;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Faults of version 7: four bits of INT_STATUS for each virtual machine, the iova in one register,
 * the rest in another. Kernel: {@code sysmmu_v7_fault_names}.
 */
public final class SysmmuV7FaultRegs {
  private static final RegisterMap V7 = new RegisterMap("SYSMMU_V7_FAULTS");
  private static final RegisterMap V7_VM = new RegisterMap("SYSMMU_V7_VM_FAULTS");

  /** The iova. */
  public static final Reg32 VA = V7.reg32("FAULT_VA", 0x0070);

  public static final Reg32 INFO = V7.reg32("FAULT_INFO", 0x0078);

  /** The transaction wrote; the same bit in {@link #VM_INFO}. */
  public static final Field INFO_WRITE = INFO.bit("WRITE", 20);

  /** The iova, where there are virtual machines. */
  public static final Reg32 VM_VA = V7_VM.reg32("FAULT_VA", 0x1000);

  public static final Reg32 VM_INFO = V7_VM.reg32("FAULT_INFO", 0x1004);

  /** How many bits of INT_STATUS a virtual machine has. */
  public static final int BITS_PER_MACHINE = 4;

  /** A table is where no memory is. */
  public static final int PTW = 0;

  /** A translation fault. */
  public static final int PAGE = 1;

  public static final int ACCESS = 2;

  private SysmmuV7FaultRegs() {}

  /** The register of the iova in a variant of version 7. */
  public static Reg32 va(SysmmuVariant variant) {
    return variant == SysmmuVariant.V7_VM ? VM_VA : VA;
  }

  /** The register of the rest in a variant of version 7. */
  public static Reg32 info(SysmmuVariant variant) {
    return variant == SysmmuVariant.V7_VM ? VM_INFO : INFO;
  }
}
