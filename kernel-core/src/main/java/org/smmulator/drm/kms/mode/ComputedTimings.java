package org.smmulator.drm.kms.mode;

import static org.smmulator.drm.kms.mode.KnownTimings.h;
import static org.smmulator.drm.kms.mode.KnownTimings.mode;
import static org.smmulator.drm.kms.mode.KnownTimings.v;

import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * Timings that are computed from a size and a rate, by VESA's formulas in the kernel's whole
 * numbers. Kernel: {@code drm_modes.c}.
 *
 * <p>Left out: margins, interlacing, the secondary curve of GTF.
 */
final class ComputedTimings {
  private static final int CELL = 8;

  /** The least time of vsync and back porch, in microseconds. */
  private static final int VSYNC_AND_BACK_PORCH_US = 550;

  private static final int HSYNC_PERCENT = 8;
  private static final int CVT_FRONT_PORCH = 3;
  private static final int CVT_C_PRIME = 30;
  private static final int CVT_M_PRIME = 300;
  private static final int CVT_LEAST_BLANK_PERCENT = 20;
  private static final int GTF_C_PRIME = 30;
  private static final int GTF_M_PRIME = 300;
  private static final int GTF_VSYNC = 3;

  private ComputedTimings() {}

  /** Computes Coordinated Video Timings. Kernel: {@code drm_cvt_mode()}. */
  static ModeInfo cvt(int width, int height, int refreshHz) {
    int visible = width - width % CELL;
    int vsync = vsyncFor(width, height);
    long time = 1_000_000_000L - VSYNC_AND_BACK_PORCH_US * 1000L * refreshHz;
    int period = (int) (time * 2 / ((height + CVT_FRONT_PORCH) * 2L * refreshHz));
    int lines = Math.max(VSYNC_AND_BACK_PORCH_US * 1000 / period + 1, vsync + CVT_FRONT_PORCH);
    int percent =
        Math.max(CVT_C_PRIME * 1000 - CVT_M_PRIME * period / 1000, CVT_LEAST_BLANK_PERCENT * 1000);
    int blank = (int) ((long) visible * percent / (100_000 - percent));
    blank -= blank % (2 * CELL);
    int total = visible + blank;
    int end = visible + blank / 2;
    int start = end - total * HSYNC_PERCENT / 100;
    start += CELL - start % CELL;
    return mode(
        (int) (total * 1_000_000L / period),
        h(visible, start, end, total),
        v(
            height,
            height + CVT_FRONT_PORCH,
            height + CVT_FRONT_PORCH + vsync,
            height + lines + CVT_FRONT_PORCH),
        "-+",
        0);
  }

  /** CVT tells the aspect ratio by the length of vsync. */
  private static int vsyncFor(int width, int height) {
    if (height % 3 == 0 && height * 4 / 3 == width) {
      return 4;
    }
    if (height % 9 == 0 && height * 16 / 9 == width) {
      return 5;
    }
    if (height % 10 == 0 && height * 16 / 10 == width) {
      return 6;
    }
    boolean fiveToFour = height % 4 == 0 && height * 5 / 4 == width;
    boolean fifteenToNine = height % 9 == 0 && height * 15 / 9 == width;
    return fiveToFour || fifteenToNine ? 7 : 10;
  }

  /** Computes Generalized Timing Formula. Kernel: {@code drm_gtf_mode()}. */
  static ModeInfo gtf(int width, int height, int refreshHz) {
    int visible = (width + CELL / 2) / CELL * CELL;
    int time = (1_000_000 - VSYNC_AND_BACK_PORCH_US * refreshHz) / 500;
    int lineHz = (int) ((height + 1) * 2L * 1000 * refreshHz / time);
    int vsyncAndBackPorch = (int) (((long) VSYNC_AND_BACK_PORCH_US * lineHz / 1000 + 500) / 1000);
    int percent = GTF_C_PRIME * 1000 - GTF_M_PRIME * 1_000_000 / lineHz;
    long blank = (long) visible * percent / (100_000 - percent);
    int blanked = (int) ((blank + CELL) / (2 * CELL) * 2 * CELL);
    int total = visible + blanked;
    int hsync = (HSYNC_PERCENT * total / 100 + CELL / 2) / CELL * CELL;
    int start = visible + blanked / 2 - hsync;
    return mode(
        (int) ((long) total * lineHz / 1000),
        h(visible, start, start + hsync, total),
        v(height, height + 1, height + 1 + GTF_VSYNC, height + vsyncAndBackPorch + 1),
        "-+",
        0);
  }
}
