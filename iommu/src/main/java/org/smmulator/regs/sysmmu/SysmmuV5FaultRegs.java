package org.smmulator.regs.sysmmu;

import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Faults of versions 5 and 6: bits 0 to 4 of INT_STATUS for reads, 16 to 20 for writes. Kernel:
 * {@code sysmmu_v5_fault_names}.
 */
public final class SysmmuV5FaultRegs {
  private static final RegisterMap SYSMMU = new RegisterMap("SYSMMU_V5_FAULTS");

  /** The iova of a read. */
  public static final Reg32 AR_VA = SYSMMU.reg32("FAULT_AR_VA", 0x070);

  /** The iova of a write. */
  public static final Reg32 AW_VA = SYSMMU.reg32("FAULT_AW_VA", 0x080);

  /** A table is where no memory is. */
  public static final int PTW = 0;

  /** A translation fault. */
  public static final int PAGE = 1;

  public static final int MULTI_HIT = 2;
  public static final int ACCESS = 3;
  public static final int SECURITY = 4;

  /** The number that a write adds to its bit. */
  public static final int WRITE = 16;

  private SysmmuV5FaultRegs() {}
}
