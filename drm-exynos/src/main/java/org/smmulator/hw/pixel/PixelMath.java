package org.smmulator.hw.pixel;

/** Arithmetic on the components of a pixel: eight bits each, of which 255 stands for one. */
public final class PixelMath {
  private PixelMath() {}

  /** Widens the low five bits to eight: all ones stay all ones. */
  public static int five(int bits) {
    int five = bits & 0x1f;
    return five << 3 | five >>> 2;
  }

  /** Widens the low six bits to eight. */
  public static int six(int bits) {
    int six = bits & 0x3f;
    return six << 2 | six >>> 4;
  }

  /** Multiplies two components, rounded to the nearest. */
  public static int product(int one, int other) {
    int product = one * other + 0x80;
    return (product + (product >>> 8)) >>> 8;
  }
}
