package org.smmulator.hw.gsc;

import java.util.Arrays;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.gsc.GscRegs;

/** The lines of the picture as it is scaled, made of those of the source on demand. */
final class ScaledLines {
  private static final int COMPONENT_SHIFT = 20;
  private static final int COMPONENT_MASK = 0xff;
  private static final int NONE = -1;

  private final RegisterFile registers;
  private final GscPicture source;
  private final GscFilter horizontal = new GscFilter(GscRegs.H_TAPS, GscRegs::hCoef);
  private final GscFilter vertical = new GscFilter(GscRegs.V_TAPS, GscRegs::vCoef);
  private final int[] loaded = new int[GscPicture.MAX_PIXELS];
  private final long[] sums = new long[GscPicture.MAX_PIXELS];
  private final int[] made = new int[GscPicture.MAX_PIXELS];

  /** The lines that the vertical filter needs at once, by the low bits of their number. */
  private final int[][] kept = new int[GscRegs.V_TAPS][GscPicture.MAX_PIXELS];

  private final int[] numbers = new int[GscRegs.V_TAPS];
  private final int[][] taps = new int[GscRegs.V_TAPS][];

  private int width;
  private int cropWidth;
  private int preWidth;
  private int preHeight;
  private int hRatio;
  private int vRatio;
  private int shift;
  private long mainH;
  private long mainV;

  ScaledLines(RegisterFile registers, GscPicture source) {
    this.registers = registers;
    this.source = source;
  }

  /** Takes over what the registers say; returns whether there is a source at all. */
  boolean begin(int scaledWidth) {
    int cropped = registers.get(GscRegs.CROPPED_SIZE);
    int before = registers.get(GscRegs.PRE_SCALE_RATIO);
    width = scaledWidth;
    cropWidth = GscRegs.CROPPED_WIDTH.get(cropped);
    hRatio = Math.max(1, GscRegs.PRESC_H_RATIO.get(before));
    vRatio = Math.max(1, GscRegs.PRESC_V_RATIO.get(before));
    shift = GscRegs.PRESC_SHFACTOR.get(before);
    preWidth = cropWidth / hRatio;
    preHeight = GscRegs.CROPPED_HEIGHT.get(cropped) / vRatio;
    mainH = GscRegs.MAIN_H_RATIO_VALUE.get(registers.get(GscRegs.MAIN_H_RATIO)) / hRatio;
    mainV = GscRegs.MAIN_V_RATIO_VALUE.get(registers.get(GscRegs.MAIN_V_RATIO)) / vRatio;
    horizontal.begin(registers);
    vertical.begin(registers);
    Arrays.fill(numbers, NONE);
    return preWidth > 0 && preHeight > 0;
  }

  /** How many bytes of a line of the source are fetched for one that is made. */
  int sourceBytes() {
    return source.bytes(cropWidth) * vRatio;
  }

  /** Makes a line, which is the caller's until the next is made. */
  int[] line(int row) {
    long position = row * mainV;
    int number = (int) (position >>> 16);
    int phase = GscFilter.phase(position);
    if (vertical.isPlain(phase)) {
      System.arraycopy(preScaled(number), 0, made, 0, width);
      return made;
    }
    for (int tap = 0; tap < GscRegs.V_TAPS; tap++) {
      taps[tap] = preScaled(number - vertical.before() + tap);
    }
    vertical.across(taps, made, width, phase);
    return made;
  }

  /** A line behind the pre-scaler and the horizontal filter; beyond the picture its last. */
  private int[] preScaled(int number) {
    int inside = Math.clamp(number, 0, preHeight - 1);
    int slot = inside % GscRegs.V_TAPS;
    if (numbers[slot] != inside) {
      numbers[slot] = inside;
      loadPreScaled(inside);
      if (mainH == 1 << 16 && width <= preWidth && horizontal.isPlain(0)) {
        System.arraycopy(loaded, 0, kept[slot], 0, width);
      } else {
        horizontal.along(loaded, preWidth, kept[slot], width, mainH);
      }
    }
    return kept[slot];
  }

  private void loadPreScaled(int number) {
    if (hRatio == 1 && vRatio == 1) {
      source.load(number, cropWidth, loaded);
      return;
    }
    Arrays.fill(sums, 0, preWidth, 0);
    for (int line = 0; line < vRatio; line++) {
      source.load(number * vRatio + line, cropWidth, loaded);
      for (int i = 0; i < preWidth * hRatio; i++) {
        sums[i / hRatio] += spread(loaded[i]);
      }
    }
    for (int i = 0; i < preWidth; i++) {
      loaded[i] = shifted(sums[i]);
    }
  }

  private static long spread(int pixel) {
    return ((long) ((pixel >>> 16) & COMPONENT_MASK) << (2 * COMPONENT_SHIFT))
        | ((long) ((pixel >>> 8) & COMPONENT_MASK) << COMPONENT_SHIFT)
        | (pixel & COMPONENT_MASK);
  }

  private int shifted(long sum) {
    int mask = (1 << COMPONENT_SHIFT) - 1;
    int c0 = (int) (sum >>> (2 * COMPONENT_SHIFT)) >>> shift;
    int c1 = ((int) (sum >>> COMPONENT_SHIFT) & mask) >>> shift;
    int c2 = ((int) sum & mask) >>> shift;
    return Math.min(c0, COMPONENT_MASK) << 16
        | Math.min(c1, COMPONENT_MASK) << 8
        | Math.min(c2, COMPONENT_MASK);
  }
}
