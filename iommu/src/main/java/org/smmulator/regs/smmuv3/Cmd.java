package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Word64;

/**
 * Commands: two 64-bit words each, of which the first begins with the opcode. Arm IHI 0070, chapter
 * 4. Kernel: {@code CMDQ_OP_*}, {@code CMDQ_*_0_*}, {@code CMDQ_*_1_*}.
 */
public final class Cmd {
  /** In the first word of every command. */
  public static final Field64 OPCODE = new Word64("CMD[0]").bits("Opcode", 7, 0);

  public static final int PREFETCH_CFG = 0x01;
  public static final int PREFETCH_ADDR = 0x02;
  public static final int CFGI_STE = 0x03;

  /** CFGI_STE_RANGE; with RANGE 31 it is CFGI_ALL. */
  public static final int CFGI_ALL = 0x04;

  public static final int CFGI_CD = 0x05;
  public static final int CFGI_CD_ALL = 0x06;
  public static final int TLBI_NH_ALL = 0x10;
  public static final int TLBI_NH_ASID = 0x11;
  public static final int TLBI_NH_VA = 0x12;
  public static final int TLBI_NH_VAA = 0x13;
  public static final int TLBI_EL2_ALL = 0x20;
  public static final int TLBI_EL2_ASID = 0x21;
  public static final int TLBI_EL2_VA = 0x22;

  /** IHI 0070, 4.4.2.9; the kernel's driver does not use it. */
  public static final int TLBI_EL2_VAA = 0x23;

  public static final int TLBI_S12_VMALL = 0x28;
  public static final int TLBI_S2_IPA = 0x2a;
  public static final int TLBI_NSNH_ALL = 0x30;
  public static final int ATC_INV = 0x40;
  public static final int PRI_RESP = 0x41;
  public static final int RESUME = 0x44;

  /** IHI 0070, 4.7.2; the kernel's driver does not use it. */
  public static final int STALL_TERM = 0x45;

  public static final int SYNC = 0x46;

  // The first words that name a stream.

  private static final Word64 STREAM0 = new Word64("CMD_CFGI[0]");

  /** The stream is Secure: illegal in the Non-secure queue. IHI 0070, 4.1.6. */
  public static final Field64 SSEC = STREAM0.bit("SSec", 10);

  public static final Field64 SSV = STREAM0.bit("SSV", 11);
  public static final Field64 SSID = STREAM0.bits("SSID", 31, 12);
  public static final Field64 SID = STREAM0.bits("StreamID", 63, 32);

  private static final Word64 CFGI1 = new Word64("CMD_CFGI[1]");

  /** Only the entry itself is invalid, not what leads to it. */
  public static final Field64 CFGI_LEAF = CFGI1.bit("Leaf", 0);

  /** The streams that agree with SID in all bits but the lowest {@code RANGE + 1}. */
  public static final Field64 CFGI_RANGE = new Word64("CMD_CFGI_STE_RANGE[1]").bits("Range", 4, 0);

  public static final int CFGI_RANGE_ALL = 31;

  private static final Word64 TLBI0 = new Word64("CMD_TLBI[0]");

  /** How many granules, less one, in units of {@code 1 << SCALE}. */
  public static final Field64 TLBI_NUM = TLBI0.bits("NUM", 16, 12);

  public static final Field64 TLBI_SCALE = TLBI0.bits("SCALE", 24, 20);
  public static final Field64 TLBI_VMID = TLBI0.bits("VMID", 47, 32);
  public static final Field64 TLBI_ASID = TLBI0.bits("ASID", 63, 48);

  private static final Word64 TLBI1 = new Word64("CMD_TLBI[1]");
  public static final Field64 TLBI_LEAF = TLBI1.bit("Leaf", 0);

  /** At which level the leaves are; zero if it is not said. */
  public static final Field64 TLBI_TTL = TLBI1.bits("TTL", 9, 8);

  /** The granule of a range: 1, 2, 3 for 4, 16, 64 KiB; zero: a single address. */
  public static final Field64 TLBI_TG = TLBI1.bits("TG", 11, 10);

  /** The address, in place: a VA in bits 63:12, an IPA in bits 51:12. */
  public static final Field64 TLBI_VA = TLBI1.bits("Address", 63, 12);

  public static final long TLBI_IPA_MASK = 0x000f_ffff_ffff_f000L;

  public static final Field64 ATC_GLOBAL = new Word64("CMD_ATC_INV[0]").bit("Global", 9);
  private static final Word64 ATC1 = new Word64("CMD_ATC_INV[1]");

  /** The log2 of the span, in pages of 4 KiB. */
  public static final Field64 ATC_SIZE = ATC1.bits("Size", 5, 0);

  public static final Field64 ATC_ADDR = ATC1.bits("Address", 63, 12);

  public static final int ATC_SIZE_ALL = 52;

  private static final Word64 PRI1 = new Word64("CMD_PRI_RESP[1]");
  public static final Field64 PRI_GRPID = PRI1.bits("PRGIndex", 8, 0);
  public static final Field64 PRI_RESP_CODE = PRI1.bits("Resp", 13, 12);

  /** IHI 0070: ResponseFailure. The device must not ask again. */
  public static final int PRI_RESP_DENY = 0;

  /** IHI 0070: InvalidRequest. Not all of the pages can be had. */
  public static final int PRI_RESP_FAIL = 1;

  public static final int PRI_RESP_SUCCESS = 2;

  /** Ac and Ab of the manual: whether to try again, and, if not, whether to report an abort. */
  public static final Field64 RESUME_RESP = new Word64("CMD_RESUME[0]").bits("Resp", 13, 12);

  public static final Field64 RESUME_STAG = new Word64("CMD_RESUME[1]").bits("STAG", 15, 0);

  /** The transaction ends; its master reads zero, or what it writes is ignored. */
  public static final int RESUME_TERM = 0;

  public static final int RESUME_RETRY = 1;

  /** The transaction ends and its master is told. */
  public static final int RESUME_ABORT = 2;

  private static final Word64 SYNC0 = new Word64("CMD_SYNC[0]");

  /** How completion is told. */
  public static final Field64 SYNC_CS = SYNC0.bits("CS", 13, 12);

  public static final Field64 SYNC_MSH = SYNC0.bits("MSH", 23, 22);
  public static final Field64 SYNC_MSIATTR = SYNC0.bits("MSIAttr", 27, 24);
  public static final Field64 SYNC_MSIDATA = SYNC0.bits("MSIData", 63, 32);

  /** Bits 51:2 of the second word, in place: zero is the wired interrupt. */
  public static final long SYNC_MSIADDR_MASK = 0x000f_ffff_ffff_fffcL;

  public static final int SYNC_CS_NONE = 0;
  public static final int SYNC_CS_IRQ = 1;
  public static final int SYNC_CS_SEV = 2;

  public static final int SYNC_MSH_ISH = 3;
  public static final int SYNC_MSIATTR_OIWB = 0xf;

  private Cmd() {}
}
