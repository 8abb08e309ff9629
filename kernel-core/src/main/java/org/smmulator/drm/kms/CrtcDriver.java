package org.smmulator.drm.kms;

import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.vblank.Vblank;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The hardware of a CRTC. Kernel: {@code struct drm_crtc_helper_funcs}, and the vblanks of {@code
 * struct drm_crtc_funcs}.
 */
public interface CrtcDriver extends Vblank.Interrupt {
  /** Returns whether the hardware has such a mode. */
  default boolean modeValid(DisplayMode mode) {
    return true;
  }

  /**
   * Returns the timings that a display of {@code mode} is to have; nothing changes. Kernel: {@code
   * drm_crtc_helper_funcs.mode_fixup}.
   *
   * @param adjusted what it is to have so far
   */
  default DisplayMode modeFixup(DisplayMode mode, DisplayMode adjusted) {
    return adjusted;
  }

  /**
   * Checks what is to be; nothing changes.
   *
   * @throws ErrnoException EINVAL if it cannot be
   */
  default void atomicCheck(CrtcState next) throws ErrnoException {}

  /** Turns the output on, and the vblanks. */
  void atomicEnable(CrtcState now);

  /** Turns the vblanks off, and the output. */
  void atomicDisable(CrtcState now);

  /** The planes' registers are about to change. */
  void atomicBegin(CrtcState now);

  /**
   * All have changed: they show together from the next frame. The driver sends, or arms, the event
   * of {@link CrtcState#takeEvent}.
   */
  void atomicFlush(CrtcState now);
}
