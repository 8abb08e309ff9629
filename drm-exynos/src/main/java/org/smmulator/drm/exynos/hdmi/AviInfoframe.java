package org.smmulator.drm.exynos.hdmi;

import org.smmulator.drm.kms.mode.CtaTimings;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.uapi.drm.mode.ModeInfo;

/**
 * The infoframe that tells a monitor of the picture: CTA-861, section 6.4. Kernel: {@code
 * drm_hdmi_avi_infoframe_from_display_mode()}, {@code hdmi_avi_infoframe_pack()}.
 *
 * <p>Left out: what no driver here sets of it, bars and the ranges of colours; numbers of modes
 * above 64, which older monitors have not.
 */
final class AviInfoframe {
  /** Three bytes of header, a checksum, and thirteen bytes. */
  static final int BYTES = 17;

  private static final int TYPE = 0x82;
  private static final int VERSION = 2;
  private static final int LENGTH = 13;
  private static final int CHECKSUM = 3;
  private static final int SCAN_UNDERSCAN = 2;
  private static final int ACTIVE_VALID = 1 << 4;
  private static final int ACTIVE_AS_PICTURE = 8;
  private static final int ASPECT_SHIFT = 19;
  private static final int LARGEST_ASPECT = 2;

  private AviInfoframe() {}

  /** Packs the infoframe of a mode. */
  static byte[] of(DisplayMode mode) {
    int vic = CtaTimings.vicOf(mode);
    int aspect = (mode.info().flags() & ModeInfo.FLAG_PIC_AR_MASK) >>> ASPECT_SHIFT;
    if (aspect == 0) {
      aspect = CtaTimings.aspectOf(vic);
    }
    byte[] made = new byte[BYTES];
    made[0] = (byte) TYPE;
    made[1] = VERSION;
    made[2] = LENGTH;
    made[4] = ACTIVE_VALID | SCAN_UNDERSCAN;
    made[5] = (byte) ((aspect > LARGEST_ASPECT ? 0 : aspect) << 4 | ACTIVE_AS_PICTURE);
    made[7] = (byte) vic;
    made[8] = (byte) ((mode.info().flags() & ModeInfo.FLAG_DBLCLK) != 0 ? 1 : 0);
    int sum = 0;
    for (byte each : made) {
      sum += each;
    }
    made[CHECKSUM] = (byte) -sum;
    return made;
  }
}
