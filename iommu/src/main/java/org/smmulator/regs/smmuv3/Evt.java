package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Word64;

/**
 * Event records: four 64-bit words. Arm IHI 0070, 7.3. Kernel: {@code EVTQ_*}, {@code EVT_ID_*}.
 *
 * <pre>
 *        63          44 43 42 41 40 39 38 36 35 34 33 32 31        16 15      12 11  8 7     0
 *       +--------------------------------------------+-----------------------+---+---+-------+
 * e0    |                 StreamID                   |      SubstreamID      |SSV| 0 |  ID   |
 *       +-------------+-----+-----+--+----+---+--+---+-----+----------+------+---+---+-------+
 * e1    |             |TTRnW| CLASS|S2|  0 |RnW|InD|PnU|0|Stall|   0  |          STAG         |
 *       +-------------+-----+-----+--+----+---+--+---+-----+------+---------------------------+
 * e2    |                                  input address                                     |
 *       +------------------------------------------------------------------------------------+
 * e3    |        IPA 51:12 of a stage-2 fault, or address 51:3 of a failed fetch             |
 *       +------------------------------------------------------------------------------------+
 * </pre>
 */
public final class Evt {
  public static final int WORDS = 4;

  private static final Word64 E0 = new Word64("EVT[0]");
  public static final Field64 ID = E0.bits("ID", 7, 0);
  public static final Field64 SSV = E0.bit("SSV", 11);
  public static final Field64 SSID = E0.bits("SSID", 31, 12);
  public static final Field64 SID = E0.bits("SID", 63, 32);

  private static final Word64 E1 = new Word64("EVT[1]");

  /** Which stalled transaction: RESUME names it. */
  public static final Field64 STAG = E1.bits("STAG", 15, 0);

  public static final Field64 STALL = E1.bit("STALL", 31);
  public static final Field64 PNU = E1.bit("PnU", 33);
  public static final Field64 IND = E1.bit("InD", 34);
  public static final Field64 RNW = E1.bit("RnW", 35);

  /** Stage 2 faulted. */
  public static final Field64 S2 = E1.bit("S2", 39);

  /** The kind of address that stage 2 translated when it faulted. */
  public static final Field64 CLASS = E1.bits("CLASS", 41, 40);

  public static final Field64 TT_READ = E1.bit("TT_READ", 44);

  /** The fetch of a context descriptor. */
  public static final int CLASS_CD = 0;

  /** The fetch of a stage-1 descriptor. */
  public static final int CLASS_TT = 1;

  /** The transaction's own address. */
  public static final int CLASS_IN = 2;

  private static final Word64 E3_IPA = new Word64("EVT[3]");
  public static final Field64 IPA = E3_IPA.bits("IPA", 51, 12);

  private static final Word64 E3_FETCH = new Word64("EVT[3]");
  public static final Field64 FETCH_ADDR = E3_FETCH.bits("FetchAddr", 51, 3);

  public static final int F_UUT = 0x01;
  public static final int C_BAD_STREAMID = 0x02;
  public static final int F_STE_FETCH = 0x03;
  public static final int C_BAD_STE = 0x04;

  /** A device asked for a translation that its stream may not. IHI 0070, 7.3.6. */
  public static final int F_BAD_ATS_TREQ = 0x05;

  public static final int F_STREAM_DISABLED = 0x06;

  /** A translated transaction of a stream that may not have any. IHI 0070, 7.3.8. */
  public static final int F_TRANSL_FORBIDDEN = 0x07;

  public static final int C_BAD_SUBSTREAMID = 0x08;
  public static final int F_CD_FETCH = 0x09;
  public static final int C_BAD_CD = 0x0a;

  /**
   * A descriptor of a table could not be fetched. Linux has no name for it; QEMU's model of an
   * SMMUv3 has this number.
   */
  public static final int F_WALK_EABT = 0x0b;

  public static final int F_TRANSLATION = 0x10;
  public static final int F_ADDR_SIZE = 0x11;
  public static final int F_ACCESS = 0x12;
  public static final int F_PERMISSION = 0x13;
  public static final int F_VMS_FETCH = 0x25;

  private Evt() {}
}
