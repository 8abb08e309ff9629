package org.smmulator.drm.kms;

import org.smmulator.drm.kms.mode.DisplayMode;

/**
 * The hardware of an encoder; one that does nothing passes what it is fed. Kernel: {@code struct
 * drm_encoder_helper_funcs}.
 */
public interface EncoderDriver {
  /** Passes what it is fed. */
  EncoderDriver NONE = new EncoderDriver() {};

  /**
   * Returns the timings that the display is to have; nothing changes. Kernel: {@code
   * drm_encoder_helper_funcs.mode_fixup}.
   *
   * @param connector at the end of the encoder
   * @param adjusted what it is to have so far
   */
  default DisplayMode modeFixup(Connector connector, DisplayMode adjusted) {
    return adjusted;
  }

  /** Sends the picture of a CRTC that has just been turned on. */
  default void enable(CrtcState now) {}

  /** Sends nothing more; the CRTC is turned off next. */
  default void disable() {}
}
