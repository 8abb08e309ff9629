package org.smmulator.drm.kms.mode;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * Timings of a display that have been looked at. Kernel: {@code struct drm_display_mode}.
 *
 * @param info as clients see them; the refresh rate is what the clock makes it
 */
public record DisplayMode(ModeInfo info) {
  private static final int LAST_3D_LAYOUT = 8 << 14;
  private static final int ASPECT_SHIFT = 19;
  private static final int LAST_ASPECT = 4;

  /**
   * Takes what a client passes. Kernel: {@code drm_mode_convert_umode()}.
   *
   * @throws ErrnoException ERANGE for a clock or a refresh rate beyond 31 bits; EINVAL for an
   *     unknown aspect ratio or flag, no clock, and timings that are out of order
   */
  public static DisplayMode fromUser(ModeInfo asked) throws ErrnoException {
    if (asked.clock() < 0 || asked.vrefresh() < 0) {
      throw ERANGE.because("clock %#x, refresh %#x", asked.clock(), asked.vrefresh());
    }
    if ((asked.flags() & ModeInfo.FLAG_PIC_AR_MASK) >>> ASPECT_SHIFT > LAST_ASPECT) {
      throw EINVAL.because("aspect ratio in flags %#x", asked.flags());
    }
    int type = asked.type() & ModeInfo.TYPE_ALL;
    DisplayMode made = new DisplayMode(with(asked, asked.flags(), type));
    made.validate();
    return made;
  }

  /** Kernel: {@code drm_mode_validate_basic()}. */
  private void validate() throws ErrnoException {
    int flags = info.flags() & ~ModeInfo.FLAG_PIC_AR_MASK;
    if ((flags & ~ModeInfo.FLAG_ALL) != 0 || (flags & ModeInfo.FLAG_3D_MASK) > LAST_3D_LAYOUT) {
      throw EINVAL.because("flags %#x", info.flags());
    }
    if (info.clock() == 0) {
      throw EINVAL.because("no pixel clock");
    }
    if (info.hdisplay() == 0
        || info.hsyncStart() < info.hdisplay()
        || info.hsyncEnd() < info.hsyncStart()
        || info.htotal() < info.hsyncEnd()) {
      throw EINVAL.because("the horizontal timings of %s are out of order", info);
    }
    if (info.vdisplay() == 0
        || info.vsyncStart() < info.vdisplay()
        || info.vsyncEnd() < info.vsyncStart()
        || info.vtotal() < info.vsyncEnd()) {
      throw EINVAL.because("the vertical timings of %s are out of order", info);
    }
  }

  private static ModeInfo with(ModeInfo from, int flags, int type) {
    return new ModeInfo(
        from.clock(),
        from.hdisplay(),
        from.hsyncStart(),
        from.hsyncEnd(),
        from.htotal(),
        from.hskew(),
        from.vdisplay(),
        from.vsyncStart(),
        from.vsyncEnd(),
        from.vtotal(),
        from.vscan(),
        refreshHz(from),
        flags,
        type,
        from.name());
  }

  /** Kernel: {@code drm_mode_vrefresh()}. */
  private static int refreshHz(ModeInfo mode) {
    if (mode.htotal() == 0 || mode.vtotal() == 0) {
      return 0;
    }
    long clock = Integer.toUnsignedLong(mode.clock());
    long frame = (long) mode.htotal() * mode.vtotal();
    if ((mode.flags() & ModeInfo.FLAG_INTERLACE) != 0) {
      clock *= 2;
    }
    if ((mode.flags() & ModeInfo.FLAG_DBLSCAN) != 0) {
      frame *= 2;
    }
    if (mode.vscan() > 1) {
      frame *= mode.vscan();
    }
    boolean overflows = clock >>> Integer.SIZE != 0 || frame >>> Integer.SIZE != 0;
    return overflows ? 0 : (int) ((clock * 1000 + frame / 2) / frame);
  }

  /** Frames a second, rounded. */
  int refreshHz() {
    return refreshHz(info);
  }

  /** As a client sees it, without the aspect ratio unless it has asked for that. */
  public ModeInfo toUser(boolean withAspectRatio) {
    return withAspectRatio
        ? info
        : with(info, info.flags() & ~ModeInfo.FLAG_PIC_AR_MASK, info.type());
  }

  /**
   * The same mode with other sizes, and pulses that fill the blanks.
   *
   * @param htotal pixels of a line with the blank
   * @param vtotal lines with the blank
   */
  public DisplayMode resized(int width, int htotal, int height, int vtotal) {
    return new DisplayMode(
        new ModeInfo(
            info.clock(),
            width,
            width,
            htotal,
            htotal,
            info.hskew(),
            height,
            height,
            vtotal,
            vtotal,
            info.vscan(),
            info.vrefresh(),
            info.flags(),
            info.type(),
            info.name()));
  }

  /** Pixels in a line. Kernel: {@code drm_mode_get_hv_timing()}; so is the next. */
  public int width() {
    return info.hdisplay();
  }

  /** Lines in a frame. */
  public int height() {
    return info.vdisplay();
  }

  /**
   * Returns whether the timings are the same, whatever the name. Kernel: {@code drm_mode_equal()}.
   */
  public boolean hasTimingsOf(DisplayMode other) {
    return with(info, info.flags(), 0).equals(renamed(with(other.info, other.info.flags(), 0)));
  }

  private ModeInfo renamed(ModeInfo other) {
    return new ModeInfo(
        other.clock(),
        other.hdisplay(),
        other.hsyncStart(),
        other.hsyncEnd(),
        other.htotal(),
        other.hskew(),
        other.vdisplay(),
        other.vsyncStart(),
        other.vsyncEnd(),
        other.vtotal(),
        other.vscan(),
        other.vrefresh(),
        other.flags(),
        other.type(),
        info.name());
  }
}
