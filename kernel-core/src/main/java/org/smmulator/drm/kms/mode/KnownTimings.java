package org.smmulator.drm.kms.mode;

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
  private static final int AR_4_3 = 1 << 19;
  private static final int AR_16_9 = 2 << 19;

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

  /**
   * Some of CTA-861's video identification codes: no interlaced ones, and none whose pixels are
   * sent twice. Kernel: {@code edid_cea_modes_1[]}.
   */
  static final ImmutableMap<Integer, ModeInfo> VICS =
      ImmutableMap.<Integer, ModeInfo>builder()
          .put(1, mode(25_175, h(640, 656, 752, 800), v(480, 490, 492, 525), NEGATIVE | AR_4_3))
          .put(2, mode(27_000, h(720, 736, 798, 858), v(480, 489, 495, 525), NEGATIVE | AR_4_3))
          .put(3, mode(27_000, h(720, 736, 798, 858), v(480, 489, 495, 525), NEGATIVE | AR_16_9))
          .put(
              4, mode(74_250, h(1280, 1390, 1430, 1650), v(720, 725, 730, 750), POSITIVE | AR_16_9))
          .put(16, hd(148_500, h(1920, 2008, 2052, 2200)))
          .put(17, mode(27_000, h(720, 732, 796, 864), v(576, 581, 586, 625), NEGATIVE | AR_4_3))
          .put(18, mode(27_000, h(720, 732, 796, 864), v(576, 581, 586, 625), NEGATIVE | AR_16_9))
          .put(
              19,
              mode(74_250, h(1280, 1720, 1760, 1980), v(720, 725, 730, 750), POSITIVE | AR_16_9))
          .put(31, hd(148_500, h(1920, 2448, 2492, 2640)))
          .put(32, hd(74_250, h(1920, 2558, 2602, 2750)))
          .put(33, hd(74_250, h(1920, 2448, 2492, 2640)))
          .put(34, hd(74_250, h(1920, 2008, 2052, 2200)))
          .buildOrThrow();

  /** One direction: what is visible, the pulse from start to end, and all. */
  private record Span(int visible, int start, int end, int total) {}

  private KnownTimings() {}

  private static Span h(int visible, int start, int end, int total) {
    return new Span(visible, start, end, total);
  }

  private static Span v(int visible, int start, int end, int total) {
    return new Span(visible, start, end, total);
  }

  private static ModeInfo hd(int clock, Span across) {
    return mode(clock, across, v(1080, 1084, 1089, 1125), POSITIVE | AR_16_9);
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
        across.visible + "x" + down.visible);
  }
}
