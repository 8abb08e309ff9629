package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Word64;

/**
 * A context descriptor: the stage-1 tables of one substream. Eight 64-bit words. Arm IHI 0070, 5.4.
 * Kernel: {@code CTXDESC_CD_*}.
 *
 * <p>The kernel's driver sets EPD1 and leaves the other fields of the upper half of the address
 * space (T1SZ, TG1, TTB1) zero; QEMU's model of an SMMUv3 reads them at the places here.
 */
public final class Cd {
  public static final int WORDS = 8;
  public static final int BYTES = 64;

  /** An entry of the first level of a two-level table. Kernel: {@code CTXDESC_L1_DESC_*}. */
  public static final int L1_BYTES = 8;

  /** How many bits of a substream id index a second level of 64 KiB. */
  public static final int L2_SPLIT_64K = 10;

  /** How many bits of a substream id index a second level of 4 KiB. */
  public static final int L2_SPLIT_4K = 6;

  private static final Word64 L1 = new Word64("L1CD");
  public static final Field64 L1_V = L1.bit("V", 0);
  public static final Field64 L1_L2PTR = L1.bits("L2PTR", 51, 12);

  private static final Word64 D0 = new Word64("CD[0]");
  public static final Field64 T0SZ = D0.bits("T0SZ", 5, 0);
  public static final Field64 TG0 = D0.bits("TG0", 7, 6);
  public static final Field64 IR0 = D0.bits("IR0", 9, 8);
  public static final Field64 OR0 = D0.bits("OR0", 11, 10);
  public static final Field64 SH0 = D0.bits("SH0", 13, 12);
  public static final Field64 EPD0 = D0.bit("EPD0", 14);
  public static final Field64 ENDI = D0.bit("ENDI", 15);
  public static final Field64 T1SZ = D0.bits("T1SZ", 21, 16);
  public static final Field64 TG1 = D0.bits("TG1", 23, 22);
  public static final Field64 EPD1 = D0.bit("EPD1", 30);
  public static final Field64 V = D0.bit("V", 31);
  public static final Field64 IPS = D0.bits("IPS", 34, 32);
  public static final Field64 TBI0 = D0.bit("TBI0", 38);
  public static final Field64 TBI1 = D0.bit("TBI1", 39);
  public static final Field64 AA64 = D0.bit("AA64", 41);
  public static final Field64 HD = D0.bit("HD", 42);
  public static final Field64 HA = D0.bit("HA", 43);

  /** Faults stall. */
  public static final Field64 S = D0.bit("S", 44);

  /** Faults are recorded. */
  public static final Field64 R = D0.bit("R", 45);

  /** A terminated transaction is reported to its master as an abort. */
  public static final Field64 A = D0.bit("A", 46);

  public static final Field64 ASET = D0.bit("ASET", 47);
  public static final Field64 ASID = D0.bits("ASID", 63, 48);

  public static final int TG0_4K = 0;
  public static final int TG0_64K = 1;
  public static final int TG0_16K = 2;
  public static final int TG1_16K = 1;
  public static final int TG1_4K = 2;
  public static final int TG1_64K = 3;

  private static final Word64 D1 = new Word64("CD[1]");
  public static final Field64 TTB0 = D1.bits("TTB0", 51, 4);

  private static final Word64 D2 = new Word64("CD[2]");
  public static final Field64 TTB1 = D2.bits("TTB1", 51, 4);

  /** Which word is MAIR: the memory attributes that the tables' indexes name. */
  public static final int MAIR_WORD = 3;

  private Cd() {}
}
