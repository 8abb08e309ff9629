package org.smmulator.drm.msm.coredump;

/**
 * Dwords as text: five characters each, and a {@code z} for zero. Kernel: {@code
 * include/linux/ascii85.h}, which writes whole dwords only, unlike Adobe's.
 */
final class Ascii85 {
  private static final int BASE = 85;
  private static final int DIGITS = 5;

  private Ascii85() {}

  /** Appends the first {@code count} of {@code dwords}. */
  static void append(StringBuilder to, int[] dwords, int count) {
    for (int i = 0; i < count; i++) {
      append(to, dwords[i]);
    }
  }

  private static void append(StringBuilder to, int dword) {
    if (dword == 0) {
      to.append('z');
      return;
    }
    long divisor = 85L * 85 * 85 * 85;
    long rest = Integer.toUnsignedLong(dword);
    for (int i = 0; i < DIGITS; i++) {
      to.append((char) ('!' + rest / divisor));
      rest %= divisor;
      divisor /= BASE;
    }
  }
}
