package org.smmulator.drm.kms;

import org.smmulator.drm.kms.mode.DisplayMode;

/**
 * A part between an encoder and its connector that changes what goes through, such as a compressor.
 * Kernel: {@code struct drm_bridge_funcs}.
 *
 * <p>All calls come under the lock of the mode setting, or from the worker of a commit.
 */
public interface Bridge {
  /** Frames of {@code mode} will come. Kernel: {@code drm_bridge_funcs.mode_set}. */
  default void modeSet(DisplayMode mode) {}

  /**
   * The CRTC is on, and what is behind the bridge is not yet. Kernel: {@code
   * drm_bridge_funcs.pre_enable}.
   */
  default void preEnable() {}

  /** All before the bridge is on. Kernel: {@code drm_bridge_funcs.enable}. */
  default void enable() {}

  /** All is still on. Kernel: {@code drm_bridge_funcs.disable}. */
  default void disable() {}

  /** The encoder is off, and the CRTC is not yet. Kernel: {@code drm_bridge_funcs.post_disable}. */
  default void postDisable() {}
}
