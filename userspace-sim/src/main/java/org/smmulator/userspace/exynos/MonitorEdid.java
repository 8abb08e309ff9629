package org.smmulator.userspace.exynos;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * The EDID of a monitor with one timing: a block of 128 bytes, as VESA's E-EDID 1.3 has it. The
 * porches are the same for all sizes, and the clock is that of 60 frames a second.
 */
public final class MonitorEdid {
  private static final int BYTES = 128;
  private static final int REFRESH_HZ = 60;
  private static final int MAX_SIZE = 0xfff;
  private static final int H_OFFSET = 16;
  private static final int H_PULSE = 16;
  private static final int H_BLANK = 64;
  private static final int V_OFFSET = 3;
  private static final int V_PULSE = 4;
  private static final int V_BLANK = 16;
  private static final byte[] HEADER = {0, -1, -1, -1, -1, -1, -1, 0};

  private MonitorEdid() {}

  /** Makes one for a monitor of so many pixels, from 64 to 4095 each way, at about 96 a inch. */
  public static byte[] of(int width, int height) {
    checkArgument(width >= 64 && width <= MAX_SIZE, "width %s", width);
    checkArgument(height >= 64 && height <= MAX_SIZE, "height %s", height);
    byte[] made = new byte[BYTES];
    System.arraycopy(HEADER, 0, made, 0, HEADER.length);
    made[18] = 1;
    made[19] = 3;
    made[20] = (byte) 0x80; // digital
    made[21] = (byte) (width * 254 / 9600);
    made[22] = (byte) (height * 254 / 9600);
    made[24] = 1 << 1; // the first detailed timing is the preferred one
    for (int i = 38; i < 54; i++) {
      made[i] = 1; // no standard timing
    }
    timing(made, 54, width, height);
    made[BYTES - 1] = checksum(made);
    return made;
  }

  private static void timing(byte[] made, int at, int width, int height) {
    long hz = (long) (width + H_BLANK) * (height + V_BLANK) * REFRESH_HZ;
    int clock = (int) (hz / 10_000);
    made[at] = (byte) clock;
    made[at + 1] = (byte) (clock >>> 8);
    made[at + 2] = (byte) width;
    made[at + 3] = (byte) H_BLANK;
    made[at + 4] = (byte) (width >>> 8 << 4);
    made[at + 5] = (byte) height;
    made[at + 6] = (byte) V_BLANK;
    made[at + 7] = (byte) (height >>> 8 << 4);
    made[at + 8] = (byte) H_OFFSET;
    made[at + 9] = (byte) H_PULSE;
    made[at + 10] = (byte) (V_OFFSET << 4 | V_PULSE);
    made[at + 17] = (byte) (3 << 3 | 3 << 1); // separate syncs, both positive
  }

  private static byte checksum(byte[] block) {
    int sum = 0;
    for (byte each : block) {
      sum += each;
    }
    return (byte) -sum;
  }
}
