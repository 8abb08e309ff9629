package org.smmulator.drm.exynos.gsc;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.regs.gsc.GscRegs;

/**
 * The coefficients of the scaler's filters: a windowed sinc, as wide as the ratio asks for. Kernel:
 * {@code gsc_set_h_coef()}, {@code gsc_set_v_coef()}, which take seven tables of Samsung's.
 */
final class GscCoefficients {
  private static final int ONE = 128;
  private static final double PHASES = 16;

  private GscCoefficients() {}

  /**
   * Writes both filters.
   *
   * @param hRatio pixels behind the pre-scaler for one that is made
   * @param vRatio lines likewise
   */
  static void write(Mmio registers, double hRatio, double vRatio) {
    for (int phase = 0; phase < GscRegs.PHASES; phase++) {
      int[] horizontal = weights(GscRegs.H_TAPS, phase / PHASES, hRatio);
      int[] vertical = weights(GscRegs.V_TAPS, phase / PHASES, vRatio);
      for (int component = 0; component < GscRegs.COMPONENTS; component++) {
        for (int tap = 0; tap < GscRegs.H_TAPS; tap++) {
          registers.write32(GscRegs.hCoef(phase, tap, component), horizontal[tap]);
        }
        for (int tap = 0; tap < GscRegs.V_TAPS; tap++) {
          registers.write32(GscRegs.vCoef(phase, tap, component), vertical[tap]);
        }
      }
    }
  }

  /** The weights of the neighbours of a position that lies {@code fraction} behind one of them. */
  static int[] weights(int taps, double fraction, double ratio) {
    double stretch = Math.max(1, ratio);
    double lobes = taps / 2.0 / stretch;
    double[] exact = new double[taps];
    double sum = 0;
    for (int tap = 0; tap < taps; tap++) {
      double x = (tap - (taps / 2 - 1) - fraction) / stretch;
      exact[tap] = StrictMath.abs(x) < lobes ? sinc(x) * sinc(x / lobes) : 0;
      sum += exact[tap];
    }
    int[] weights = new int[taps];
    int left = ONE;
    int largest = 0;
    for (int tap = 0; tap < taps; tap++) {
      weights[tap] = (int) StrictMath.round(exact[tap] / sum * ONE);
      left -= weights[tap];
      largest = weights[tap] > weights[largest] ? tap : largest;
    }
    weights[largest] += left; // so that one colour stays that colour
    return weights;
  }

  private static double sinc(double x) {
    double angle = StrictMath.PI * x;
    return x == 0 ? 1 : StrictMath.sin(angle) / angle;
  }
}
