package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Word64;

/**
 * A stream table entry: what becomes of one stream. Eight 64-bit words; the last four have no
 * fields here. Arm IHI 0070, 5.2. Kernel: {@code STRTAB_STE_*}.
 *
 * <p>Address fields are used in place: {@code word & S1CTXPTR.mask()}.
 */
public final class Ste {
  public static final int WORDS = 8;
  public static final int BYTES = 64;

  /** An entry of the first level of a two-level stream table. Kernel: {@code STRTAB_L1_*}. */
  public static final int L1_BYTES = 8;

  private static final Word64 L1 = new Word64("L1STD");

  /** Zero: nothing there; else the second level has {@code 1 << SPAN - 1} entries. */
  public static final Field64 L1_SPAN = L1.bits("SPAN", 4, 0);

  public static final Field64 L1_L2PTR = L1.bits("L2PTR", 51, 6);

  private static final Word64 D0 = new Word64("STE[0]");
  public static final Field64 V = D0.bit("V", 0);
  public static final Field64 CFG = D0.bits("CFG", 3, 1);
  public static final Field64 S1FMT = D0.bits("S1FMT", 5, 4);
  public static final Field64 S1CTXPTR = D0.bits("S1CTXPTR", 51, 6);
  public static final Field64 S1CDMAX = D0.bits("S1CDMAX", 63, 59);

  public static final int CFG_ABORT = 0;
  public static final int CFG_BYPASS = 4;
  public static final int CFG_S1_TRANS = 5;
  public static final int CFG_S2_TRANS = 6;
  public static final int CFG_NESTED = 7;

  public static final int S1FMT_LINEAR = 0;

  /** Two levels, 4 KiB tables in the second. IHI 0070; the kernel's driver does not use it. */
  public static final int S1FMT_4K_L2 = 1;

  public static final int S1FMT_64K_L2 = 2;

  private static final Word64 D1 = new Word64("STE[1]");
  public static final Field64 S1DSS = D1.bits("S1DSS", 1, 0);
  public static final Field64 S1CIR = D1.bits("S1CIR", 3, 2);
  public static final Field64 S1COR = D1.bits("S1COR", 5, 4);
  public static final Field64 S1CSH = D1.bits("S1CSH", 7, 6);

  /** Events of this stream may be merged. */
  public static final Field64 MEV = D1.bit("MEV", 19);

  public static final Field64 S2FWB = D1.bit("S2FWB", 25);

  /** A context descriptor of this stream must not ask for stalls. */
  public static final Field64 S1STALLD = D1.bit("S1STALLD", 27);

  public static final Field64 EATS = D1.bits("EATS", 29, 28);
  public static final Field64 STRW = D1.bits("STRW", 31, 30);
  public static final Field64 SHCFG = D1.bits("SHCFG", 45, 44);

  /** S1DSS, the treatment of a transaction without a substream: terminate it. */
  public static final int S1DSS_TERMINATE = 0;

  public static final int S1DSS_BYPASS = 1;
  public static final int S1DSS_SSID0 = 2;

  public static final int S1C_CACHE_NC = 0;
  public static final int S1C_CACHE_WBRA = 1;
  public static final int S1C_CACHE_WT = 2;
  public static final int S1C_CACHE_WB = 3;

  public static final int EATS_ABT = 0;
  public static final int EATS_TRANS = 1;
  public static final int EATS_S1CHK = 2;

  public static final int STRW_NSEL1 = 0;
  public static final int STRW_EL2 = 2;

  public static final int SHCFG_INCOMING = 1;

  private static final Word64 D2 = new Word64("STE[2]");
  public static final Field64 S2VMID = D2.bits("S2VMID", 15, 0);
  public static final Field64 VTCR_S2T0SZ = D2.bits("VTCR.S2T0SZ", 37, 32);
  public static final Field64 VTCR_S2SL0 = D2.bits("VTCR.S2SL0", 39, 38);
  public static final Field64 VTCR_S2IR0 = D2.bits("VTCR.S2IR0", 41, 40);
  public static final Field64 VTCR_S2OR0 = D2.bits("VTCR.S2OR0", 43, 42);
  public static final Field64 VTCR_S2SH0 = D2.bits("VTCR.S2SH0", 45, 44);
  public static final Field64 VTCR_S2TG = D2.bits("VTCR.S2TG", 47, 46);
  public static final Field64 VTCR_S2PS = D2.bits("VTCR.S2PS", 50, 48);
  public static final Field64 S2AA64 = D2.bit("S2AA64", 51);
  public static final Field64 S2ENDI = D2.bit("S2ENDI", 52);
  public static final Field64 S2PTW = D2.bit("S2PTW", 54);

  /**
   * Hardware sets dirty bits, and access flags. IHI 0070; the kernel's driver does not use them.
   */
  public static final Field64 S2HD = D2.bit("S2HD", 55);

  public static final Field64 S2HA = D2.bit("S2HA", 56);

  /** Stage-2 faults stall. */
  public static final Field64 S2S = D2.bit("S2S", 57);

  /** Stage-2 faults are recorded. */
  public static final Field64 S2R = D2.bit("S2R", 58);

  /** The lowest bit of VTCR, which ends with bit 50. Kernel: {@code STRTAB_STE_2_VTCR}. */
  public static final int VTCR_SHIFT = 32;

  public static final long VTCR_MASK = 0x7_ffffL << VTCR_SHIFT;

  public static final int S2TG_4K = 0;
  public static final int S2TG_64K = 1;
  public static final int S2TG_16K = 2;

  private static final Word64 D3 = new Word64("STE[3]");
  public static final Field64 S2TTB = D3.bits("S2TTB", 51, 4);

  private Ste() {}
}
