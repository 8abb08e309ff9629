package org.smmulator.hw.gsc;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.gsc.GscRegs;

/**
 * One direction of the polyphase scaler: each pixel of the result is a sum of neighbours, weighted
 * by the coefficients of the phase that its position has between two of them.
 */
final class GscFilter {
  private static final int PHASES = 16;
  private static final int PHASE_SHIFT = 12;
  private static final int ONE = 128;
  private static final int COEFFICIENT_BITS = 9;

  /** The place of a coefficient in the register window. */
  interface Place {
    int of(int phase, int tap, int component);
  }

  private final int taps;
  private final int before;
  private final Place place;
  private final int[] coefficients;

  /**
   * Makes a filter.
   *
   * @param taps how many neighbours count; the one at the position is the last of the first half
   */
  GscFilter(int taps, Place place) {
    this.taps = taps;
    this.before = taps / 2 - 1;
    this.place = place;
    this.coefficients = new int[GscRegs.COMPONENTS * PHASES * taps];
  }

  /** Takes over what the registers say: nine phases, of which seven serve for their mirrors too. */
  void begin(RegisterFile registers) {
    for (int component = 0; component < GscRegs.COMPONENTS; component++) {
      for (int phase = 0; phase < PHASES; phase++) {
        boolean mirrored = phase >= GscRegs.PHASES;
        for (int tap = 0; tap < taps; tap++) {
          int offset =
              mirrored
                  ? place.of(PHASES - phase, taps - 1 - tap, component)
                  : place.of(phase, tap, component);
          coefficients[index(component, phase, tap)] = signed(registers.read32(offset));
        }
      }
    }
  }

  private static int signed(int value) {
    return value << (Integer.SIZE - COEFFICIENT_BITS) >> (Integer.SIZE - COEFFICIENT_BITS);
  }

  private int index(int component, int phase, int tap) {
    return (component * PHASES + phase) * taps + tap;
  }

  /** Returns the phase of a position in 16.16. */
  static int phase(long position) {
    return (int) (position >>> PHASE_SHIFT) & PHASES - 1;
  }

  /** Returns whether a pixel of that phase is the one at its position alone. */
  boolean isPlain(int phase) {
    for (int component = 0; component < GscRegs.COMPONENTS; component++) {
      for (int tap = 0; tap < taps; tap++) {
        if (coefficients[index(component, phase, tap)] != (tap == before ? ONE : 0)) {
          return false;
        }
      }
    }
    return true;
  }

  /** How many neighbours lie before the one at the position. */
  int before() {
    return before;
  }

  /** Makes {@code toCount} pixels of {@code fromCount}, {@code ratio} of these apart, in 16.16. */
  void along(int[] from, int fromCount, int[] to, int toCount, long ratio) {
    for (int i = 0; i < toCount; i++) {
      long position = i * ratio;
      int first = (int) (position >>> 16) - before;
      to[i] = weigh(from, first, fromCount, phase(position));
    }
  }

  private int weigh(int[] from, int first, int fromCount, int phase) {
    int c0 = ONE / 2;
    int c1 = ONE / 2;
    int c2 = ONE / 2;
    for (int tap = 0; tap < taps; tap++) {
      int pixel = from[Math.clamp(first + tap, 0, fromCount - 1)];
      c0 += (pixel >>> 16 & 0xff) * coefficients[index(0, phase, tap)];
      c1 += (pixel >>> 8 & 0xff) * coefficients[index(1, phase, tap)];
      c2 += (pixel & 0xff) * coefficients[index(2, phase, tap)];
    }
    return packed(c0, c1, c2);
  }

  /** Makes a line of as many as there are taps, pixel by pixel. */
  void across(int[][] lines, int[] to, int count, int phase) {
    for (int i = 0; i < count; i++) {
      int c0 = ONE / 2;
      int c1 = ONE / 2;
      int c2 = ONE / 2;
      for (int tap = 0; tap < taps; tap++) {
        int pixel = lines[tap][i];
        c0 += (pixel >>> 16 & 0xff) * coefficients[index(0, phase, tap)];
        c1 += (pixel >>> 8 & 0xff) * coefficients[index(1, phase, tap)];
        c2 += (pixel & 0xff) * coefficients[index(2, phase, tap)];
      }
      to[i] = packed(c0, c1, c2);
    }
  }

  private static int packed(int c0, int c1, int c2) {
    return Math.clamp(c0 / ONE, 0, 0xff) << 16
        | Math.clamp(c1 / ONE, 0, 0xff) << 8
        | Math.clamp(c2 / ONE, 0, 0xff);
  }
}
