package org.smmulator.drm.kms.mode;

import static org.smmulator.uapi.drm.mode.ModeInfo.FLAG_DBLCLK;
import static org.smmulator.uapi.drm.mode.ModeInfo.FLAG_INTERLACE;
import static org.smmulator.uapi.drm.mode.ModeInfo.FLAG_NHSYNC;
import static org.smmulator.uapi.drm.mode.ModeInfo.FLAG_NVSYNC;
import static org.smmulator.uapi.drm.mode.ModeInfo.FLAG_PHSYNC;
import static org.smmulator.uapi.drm.mode.ModeInfo.FLAG_PVSYNC;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.uapi.drm.mode.ModeInfo;

/** Timings that an EDID names by a number. */
final class KnownTimings {
  private static final int POSITIVE = FLAG_PHSYNC | FLAG_PVSYNC;
  private static final int NEGATIVE = FLAG_NHSYNC | FLAG_NVSYNC;
  private static final int MIXED = FLAG_NHSYNC | FLAG_PVSYNC;
  private static final int ASPECT_SHIFT = 19;

  /** The established timings, by their bit. Kernel: {@code edid_est_modes[]}. */
  static final ImmutableList<ModeInfo> ESTABLISHED =
      ImmutableList.of(
          mode(40_000, h(800, 840, 968, 1056), v(600, 601, 605, 628), POSITIVE),
          mode(36_000, h(800, 824, 896, 1024), v(600, 601, 603, 625), POSITIVE),
          mode(31_500, h(640, 656, 720, 840), v(480, 481, 484, 500), NEGATIVE),
          mode(31_500, h(640, 664, 704, 832), v(480, 489, 492, 520), NEGATIVE),
          mode(30_240, h(640, 704, 768, 864), v(480, 483, 486, 525), NEGATIVE),
          mode(25_175, h(640, 656, 752, 800), v(480, 490, 492, 525), NEGATIVE),
          mode(35_500, h(720, 738, 846, 900), v(400, 421, 423, 449), NEGATIVE),
          mode(28_320, h(720, 738, 846, 900), v(400, 412, 414, 449), MIXED),
          mode(135_000, h(1280, 1296, 1440, 1688), v(1024, 1025, 1028, 1066), POSITIVE),
          mode(78_750, h(1024, 1040, 1136, 1312), v(768, 769, 772, 800), POSITIVE),
          mode(75_000, h(1024, 1048, 1184, 1328), v(768, 771, 777, 806), NEGATIVE),
          mode(65_000, h(1024, 1048, 1184, 1344), v(768, 771, 777, 806), NEGATIVE),
          mode(44_900, h(1024, 1032, 1208, 1264), v(768, 768, 776, 817), POSITIVE | FLAG_INTERLACE),
          mode(57_284, h(832, 864, 928, 1152), v(624, 625, 628, 667), NEGATIVE),
          mode(49_500, h(800, 816, 896, 1056), v(600, 601, 604, 625), POSITIVE),
          mode(50_000, h(800, 856, 976, 1040), v(600, 637, 643, 666), POSITIVE),
          mode(108_000, h(1152, 1216, 1344, 1600), v(864, 865, 868, 900), POSITIVE));

  /** The established timings of a descriptor, by their bit. Kernel: {@code est3_modes[]}. */
  static final ImmutableList<Named> ESTABLISHED_3 =
      ImmutableList.of(
          new Named(640, 350, 85, false),
          new Named(640, 400, 85, false),
          new Named(720, 400, 85, false),
          new Named(640, 480, 85, false),
          new Named(848, 480, 60, false),
          new Named(800, 600, 85, false),
          new Named(1024, 768, 85, false),
          new Named(1152, 864, 75, false),
          new Named(1280, 768, 60, true),
          new Named(1280, 768, 60, false),
          new Named(1280, 768, 75, false),
          new Named(1280, 768, 85, false),
          new Named(1280, 960, 60, false),
          new Named(1280, 960, 85, false),
          new Named(1280, 1024, 60, false),
          new Named(1280, 1024, 85, false),
          new Named(1360, 768, 60, false),
          new Named(1440, 900, 60, true),
          new Named(1440, 900, 60, false),
          new Named(1440, 900, 75, false),
          new Named(1440, 900, 85, false),
          new Named(1400, 1050, 60, true),
          new Named(1400, 1050, 60, false),
          new Named(1400, 1050, 75, false),
          new Named(1400, 1050, 85, false),
          new Named(1680, 1050, 60, true),
          new Named(1680, 1050, 60, false),
          new Named(1680, 1050, 75, false),
          new Named(1680, 1050, 85, false),
          new Named(1600, 1200, 60, false),
          new Named(1600, 1200, 65, false),
          new Named(1600, 1200, 70, false),
          new Named(1600, 1200, 75, false),
          new Named(1600, 1200, 85, false),
          new Named(1792, 1344, 60, false),
          new Named(1792, 1344, 75, false),
          new Named(1856, 1392, 60, false),
          new Named(1856, 1392, 75, false),
          new Named(1920, 1200, 60, true),
          new Named(1920, 1200, 60, false),
          new Named(1920, 1200, 75, false),
          new Named(1920, 1200, 85, false),
          new Named(1920, 1440, 60, false),
          new Named(1920, 1440, 75, false));

  /** The sizes of frames whose halves an EDID describes. Kernel: {@code cea_interlaced[]}. */
  private static final ImmutableMap<Integer, ImmutableList<Integer>> INTERLACED =
      ImmutableMap.of(
          1920, ImmutableList.of(1080),
          720, ImmutableList.of(480, 576),
          1440, ImmutableList.of(480, 576),
          2880, ImmutableList.of(480, 576));

  /**
   * A timing of VESA's, by what it is for.
   *
   * @param reduced whether its blank is short
   */
  record Named(int width, int height, int refreshHz, boolean reduced) {}

  /** One direction: what is visible, the pulse from start to end, and all. */
  record Span(int visible, int start, int end, int total) {}

  private KnownTimings() {}

  static Span h(int visible, int start, int end, int total) {
    return new Span(visible, start, end, total);
  }

  static Span v(int visible, int start, int end, int total) {
    return new Span(visible, start, end, total);
  }

  /**
   * A timing.
   *
   * @param form the polarities of both pulses, with {@code i} if it is interlaced, and {@code d} if
   *     each pixel is sent twice
   * @param aspect as a mode's flags number it
   */
  static ModeInfo mode(int clock, Span across, Span down, String form, int aspect) {
    int flags =
        (form.charAt(0) == '+' ? FLAG_PHSYNC : FLAG_NHSYNC)
            | (form.charAt(1) == '+' ? FLAG_PVSYNC : FLAG_NVSYNC)
            | (form.contains("i") ? FLAG_INTERLACE : 0)
            | (form.contains("d") ? FLAG_DBLCLK : 0)
            | aspect << ASPECT_SHIFT;
    return mode(clock, across, down, flags);
  }

  /**
   * The frame of a timing that was given as that of a field; one of an unknown size stays. Kernel:
   * {@code drm_mode_do_interlace_quirk()}.
   */
  static ModeInfo wholeFrame(ModeInfo field) {
    int height = 2 * field.vdisplay();
    if (!INTERLACED.getOrDefault(field.hdisplay(), ImmutableList.of()).contains(height)) {
      return field;
    }
    return new ModeInfo(
        field.clock(),
        field.hdisplay(),
        field.hsyncStart(),
        field.hsyncEnd(),
        field.htotal(),
        field.hskew(),
        height,
        2 * field.vsyncStart(),
        2 * field.vsyncEnd(),
        2 * field.vtotal() | 1,
        field.vscan(),
        field.vrefresh(),
        field.flags(),
        field.type(),
        name(field.hdisplay(), height, field.flags()));
  }

  /** The timing of 1366x768 out of that of 1360x768 which formulas give. */
  static ModeInfo narrowed(ModeInfo wide) {
    return mode(
        wide.clock(),
        h(1366, wide.hsyncStart() - 1, wide.hsyncEnd() - 1, wide.htotal()),
        v(wide.vdisplay(), wide.vsyncStart(), wide.vsyncEnd(), wide.vtotal()),
        wide.flags());
  }

  /** The same timing with another clock, and other flags. */
  static ModeInfo with(ModeInfo mode, int clock, int flags) {
    return mode(
        clock,
        h(mode.hdisplay(), mode.hsyncStart(), mode.hsyncEnd(), mode.htotal()),
        v(mode.vdisplay(), mode.vsyncStart(), mode.vsyncEnd(), mode.vtotal()),
        flags);
  }

  private static ModeInfo mode(int clock, Span across, Span down, int flags) {
    return new ModeInfo(
        clock,
        across.visible,
        across.start,
        across.end,
        across.total,
        0,
        down.visible,
        down.start,
        down.end,
        down.total,
        0,
        0,
        flags,
        ModeInfo.TYPE_DRIVER,
        name(across.visible, down.visible, flags));
  }

  /** Kernel: {@code drm_mode_set_name()}. */
  static String name(int width, int height, int flags) {
    return width + "x" + height + ((flags & FLAG_INTERLACE) != 0 ? "i" : "");
  }
}
