package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.ACOEFF_PLUS_GLOBAL;
import static org.smmulator.regs.g2d.G2dRegs.ACOEFF_TIMES_GLOBAL;
import static org.smmulator.regs.g2d.G2dRegs.ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.ALPHA_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.ALPHA_VALUE;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_DST_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_DST_COEFF_DST_A;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_DST_COEFF_SRC_A;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_FUNCTION;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_INV_DST_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_INV_SRC_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_SRC_COEFF;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_SRC_COEFF_DST_A;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_SRC_COEFF_SRC_A;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_CONJOINT_D;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_CONJOINT_S;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_DISJOINT_D;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_DISJOINT_S;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_DST_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_DST_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_GB_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_GB_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_ONE;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_SRC_ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_SRC_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.COEFF_ZERO;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_BLEND;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_MODE;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_PREMULTIPLY;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_SUM;

import org.smmulator.hw.bus.RegisterFile;

/**
 * The sum of source and destination, each times a coefficient, in each of the four channels; and
 * the product of a pixel's colours and its alpha.
 *
 * <p>The four ways of rounding are those that libdrm's header tells. Out of reset products are
 * summed before they are rounded.
 */
final class Blender {
  private static final int MAX = 0xff;
  private static final int PAIR = 0x00ff_00ff;
  private static final int PAIR_HALF = 0x0080_0080;
  private static final int PAIR_CARRY = 0x0100_0100;

  /** The usual function: the source, and the destination times one minus the source's alpha. */
  private static final int OVER =
      BLEND_SRC_COEFF.of(COEFF_ONE)
          | BLEND_DST_COEFF.of(COEFF_SRC_ALPHA)
          | BLEND_INV_DST_COEFF.mask();

  private final RegisterFile registers;
  private int function;
  private int global;
  private int blendRound;
  private int premultiplyRound;
  private boolean over;

  Blender(RegisterFile registers) {
    this.registers = registers;
  }

  /** Takes over what the registers say now. */
  void begin() {
    function = registers.get(BLEND_FUNCTION);
    global = registers.get(ALPHA);
    blendRound = ROUND_BLEND.get(registers.get(ROUND_MODE));
    premultiplyRound = ROUND_PREMULTIPLY.get(registers.get(ROUND_MODE));
    over = function == OVER && blendRound == ROUND_SUM;
  }

  /** Blends two pixels. */
  int blend(int from, int to) {
    return over ? over(from, to) : sumOfProducts(from, to);
  }

  /** Blends the pixels of a row from {@code first} up to {@code end} over those of another. */
  void blend(int[] from, int[] to, int first, int end) {
    if (over) {
      over(from, to, first, end);
      return;
    }
    for (int x = first; x < end; x++) {
      to[x] = sumOfProducts(from[x], to[x]);
    }
  }

  /**
   * As {@link #sumOfProducts} with the coefficients of {@link #OVER}: two channels at a time, each
   * in 16 bits. As 255 / 255 of the source is the source, only the other product is rounded.
   */
  private static int over(int from, int to) {
    return over(from & PAIR, to & PAIR, from >>> 24)
        | over(from >>> 8 & PAIR, to >>> 8 & PAIR, from >>> 24) << 8;
  }

  /** Goes over the row twice, because the compiler makes no vectors of a loop over both pairs. */
  private static void over(int[] from, int[] to, int first, int end) {
    for (int x = first; x < end; x++) {
      to[x] = (to[x] & ~PAIR) | over(from[x] & PAIR, to[x] & PAIR, from[x] >>> 24);
    }
    for (int x = first; x < end; x++) {
      to[x] = (to[x] & PAIR) | over(from[x] >>> 8 & PAIR, to[x] >>> 8 & PAIR, from[x] >>> 24) << 8;
    }
  }

  private static int over(int pair, int other, int alpha) {
    return saturated(pair, weighed(other, MAX - alpha));
  }

  private static int weighed(int pair, int factor) {
    int products = pair * factor + PAIR_HALF;
    return ((products + ((products >>> 8) & PAIR)) >>> 8) & PAIR;
  }

  private static int saturated(int pair, int other) {
    int sums = pair + other;
    int carries = sums & PAIR_CARRY;
    return (sums | (carries - (carries >>> 8))) & PAIR;
  }

  int sumOfProducts(int from, int to) {
    int made = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int fromFactor =
          factor(
                  BLEND_SRC_COEFF.get(function),
                  withGlobal(BLEND_SRC_COEFF_SRC_A.get(function), from >>> 24),
                  withGlobal(BLEND_SRC_COEFF_DST_A.get(function), to >>> 24),
                  from >>> shift & MAX,
                  to >>> shift & MAX,
                  shift)
              ^ (BLEND_INV_SRC_COEFF.isSet(function) ? MAX : 0);
      int toFactor =
          factor(
                  BLEND_DST_COEFF.get(function),
                  withGlobal(BLEND_DST_COEFF_SRC_A.get(function), from >>> 24),
                  withGlobal(BLEND_DST_COEFF_DST_A.get(function), to >>> 24),
                  from >>> shift & MAX,
                  to >>> shift & MAX,
                  shift)
              ^ (BLEND_INV_DST_COEFF.isSet(function) ? MAX : 0);
      int sum = sum(from >>> shift & MAX, fromFactor, to >>> shift & MAX, toFactor);
      made |= Math.min(sum, MAX) << shift;
    }
    return made;
  }

  private int withGlobal(int how, int alpha) {
    return switch (how) {
      case ACOEFF_PLUS_GLOBAL -> Math.min(MAX, alpha + ALPHA_VALUE.get(global));
      case ACOEFF_TIMES_GLOBAL -> rounded(blendRound, alpha, ALPHA_VALUE.get(global));
      default -> alpha;
    };
  }

  private int factor(
      int coefficient, int fromAlpha, int toAlpha, int fromColor, int toColor, int shift) {
    return switch (coefficient) {
      case COEFF_ONE -> MAX;
      case COEFF_ZERO -> 0;
      case COEFF_SRC_ALPHA -> fromAlpha;
      case COEFF_SRC_COLOR -> fromColor;
      case COEFF_DST_ALPHA -> toAlpha;
      case COEFF_DST_COLOR -> toColor;
      case COEFF_GB_ALPHA -> ALPHA_VALUE.get(global);
      case COEFF_GB_COLOR ->
          shift == 24 ? ALPHA_VALUE.get(global) : ALPHA_COLOR.get(global) >>> shift & MAX;
      case COEFF_DISJOINT_S -> ratio(MAX - fromAlpha, toAlpha);
      case COEFF_DISJOINT_D -> ratio(MAX - toAlpha, fromAlpha);
      case COEFF_CONJOINT_S -> ratio(fromAlpha, toAlpha);
      case COEFF_CONJOINT_D -> ratio(toAlpha, fromAlpha);
      default -> MAX;
    };
  }

  private static int ratio(int part, int whole) {
    return part >= whole ? MAX : (part * MAX + whole / 2) / whole;
  }

  private int sum(int one, int oneFactor, int other, int otherFactor) {
    if (blendRound != ROUND_SUM) {
      return rounded(blendRound, one, oneFactor) + rounded(blendRound, other, otherFactor);
    }
    return nearest(one * oneFactor + other * otherFactor);
  }

  /** {@code BLEND_ROUND_0} to {@code BLEND_ROUND_2}; what comes after them is the last of these. */
  private static int rounded(int mode, int one, int factor) {
    return switch (mode) {
      case 0 -> ((one + 1) * factor) >>> 8;
      case 1 -> ((one + (one >>> 7)) * factor) >>> 8;
      default -> nearest(one * factor);
    };
  }

  private static int nearest(int product) {
    int more = product + 0x80;
    return (more + (more >>> 8)) >>> 8;
  }

  /** Multiplies a pixel's colours by its alpha. */
  int premultiplied(int argb) {
    return (times(argb, argb >>> 24) & 0xff_ffff) | (argb & 0xff00_0000);
  }

  /** Multiplies each channel of a pixel. */
  int times(int argb, int factor) {
    int made = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      made |= scaled(argb >>> shift & MAX, factor) << shift;
    }
    return made;
  }

  /** {@code PREMULT_ROUND_0} to {@code PREMULT_ROUND_3}. */
  private int scaled(int one, int factor) {
    return premultiplyRound == 0
        ? (one * factor) >>> 8
        : rounded(premultiplyRound - 1, one, factor);
  }
}
