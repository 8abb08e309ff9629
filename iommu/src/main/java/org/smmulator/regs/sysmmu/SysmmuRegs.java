package org.smmulator.regs.sysmmu;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/** The registers that every sysmmu has at the same place. Kernel: {@code REG_MMU_*}. */
public final class SysmmuRegs {
  private static final RegisterMap SYSMMU = new RegisterMap("SYSMMU");

  public static final Reg32 CTRL = SYSMMU.reg32("CTRL", 0x000);

  /** Translate. */
  public static final Field CTRL_TRANSLATE = CTRL.bit("ENABLE", 0);

  /** Hold every transaction. */
  public static final Field CTRL_HOLD = CTRL.bit("BLOCK", 1);

  /**
   * Raise interrupts.
   *
   * @implNote Unverified: Linux has only whole values, {@code CTRL_ENABLE} (5) and {@code
   *     CTRL_BLOCK} (7), and this is the bit that is left of them.
   */
  public static final Field CTRL_INTERRUPT = CTRL.bit("INT_ENABLE", 2);

  /** Transactions pass untranslated. */
  public static final int CTRL_DISABLE = 0;

  /** Transactions are translated. */
  public static final int CTRL_ENABLE = 5;

  /** Transactions wait. */
  public static final int CTRL_BLOCK = 7;

  public static final Reg32 CFG = SYSMMU.reg32("CFG", 0x004);

  /** Replace the entry of the TLB that was not used for longest. */
  public static final Field CFG_LRU = CFG.bit("LRU", 0);

  /** Check what leaves allow. */
  public static final Field CFG_EAP = CFG.bit("EAP", 2);

  public static final Field CFG_QOS = CFG.bits("QOS", 10, 7);

  /** Keep first-level entries; v3.2 and later. */
  public static final Field CFG_FLPDCACHE = CFG.bit("FLPDCACHE", 20);

  /** V3.2 only. */
  public static final Field CFG_SYSSEL = CFG.bit("SYSSEL", 22);

  /** V3.3 and later. */
  public static final Field CFG_ACGEN = CFG.bit("ACGEN", 24);

  public static final Reg32 STATUS = SYSMMU.reg32("STATUS", 0x008);

  /** Every transaction waits now. */
  public static final Field STATUS_BLOCKED = STATUS.bit("BLOCKED", 0);

  public static final Reg32 VERSION = SYSMMU.reg32("VERSION", 0x034);

  public static final Field VERSION_MAJOR = VERSION.bits("MAJOR", 31, 28);
  public static final Field VERSION_MINOR = VERSION.bits("MINOR", 27, 21);

  /** The version register of a v1.0 on some chips, with the version in the wrong fields. */
  public static final int VERSION_1_0_IN_DISGUISE = 0x8000_0001;

  /**
   * The bit beside the address in {@link SysmmuVariant#flushEntry} that starts the invalidation.
   */
  public static final int FLUSH_NOW = 1;

  private SysmmuRegs() {}
}
