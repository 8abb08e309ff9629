package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Word64;

/**
 * Entries of the PRI queue, a device's page requests: two 64-bit words. Arm IHI 0070, 8.2. Kernel:
 * {@code PRIQ_0_*}, {@code PRIQ_1_*}.
 */
public final class Pri {
  private static final Word64 P0 = new Word64("PRI[0]");
  public static final Field64 SID = P0.bits("SID", 31, 0);
  public static final Field64 SSID = P0.bits("SSID", 51, 32);
  public static final Field64 PRIV = P0.bit("PRIV", 58);
  public static final Field64 EXEC = P0.bit("EXEC", 59);
  public static final Field64 READ = P0.bit("READ", 60);
  public static final Field64 WRITE = P0.bit("WRITE", 61);

  /** The last request of its group: the group is answered as a whole. */
  public static final Field64 LAST = P0.bit("LAST", 62);

  public static final Field64 SSID_V = P0.bit("SSID_V", 63);

  private static final Word64 P1 = new Word64("PRI[1]");
  public static final Field64 PRG_IDX = P1.bits("PRGIndex", 8, 0);
  public static final Field64 ADDR = P1.bits("Address", 63, 12);

  private Pri() {}
}
