package org.smmulator.regs.sysmmu;

import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Faults of versions 1 to 3: the bits of INT_STATUS, and for each the register that holds the iova.
 * AR is a read, AW is a write. Kernel: {@code sysmmu_v1_faults}.
 */
public final class SysmmuV1FaultRegs {
  private static final RegisterMap SYSMMU = new RegisterMap("SYSMMU_V1_FAULTS");

  /** The iova of a {@link #PAGE} fault. */
  public static final Reg32 PAGE_FAULT_ADDR = SYSMMU.reg32("PAGE_FAULT_ADDR", 0x024);

  /** The iova of a write. */
  public static final Reg32 AW_FAULT_ADDR = SYSMMU.reg32("AW_FAULT_ADDR", 0x028);

  /** The iova of a read. */
  public static final Reg32 AR_FAULT_ADDR = SYSMMU.reg32("AR_FAULT_ADDR", 0x02c);

  /** The iova of a {@link #BUS_ERROR}. */
  public static final Reg32 DEFAULT_SLAVE_ADDR = SYSMMU.reg32("DEFAULT_SLAVE_ADDR", 0x030);

  /** A translation fault, of a read or of a write: this version does not say which. */
  public static final int PAGE = 0;

  public static final int AR_MULTI_HIT = 1;
  public static final int AW_MULTI_HIT = 2;

  /** A table is where no memory is. */
  public static final int BUS_ERROR = 3;

  public static final int AR_SECURITY = 4;
  public static final int AR_ACCESS = 5;
  public static final int AW_SECURITY = 6;
  public static final int AW_ACCESS = 7;

  private SysmmuV1FaultRegs() {}
}
