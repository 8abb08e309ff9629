package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.Edid;

/**
 * The hardware behind a connector. Kernel: {@code struct drm_connector_funcs}, {@code struct
 * drm_connector_helper_funcs}.
 */
public interface ConnectorDriver {
  /** One of the {@code TYPE_*} of a connector. */
  int type();

  /** The type's name, such as {@code DSI}. */
  String typeName();

  /** Returns whether something is connected. Kernel: {@code drm_connector_funcs.detect}. */
  boolean isConnected();

  /**
   * Returns whether something can be plugged in and out while the machine runs. Kernel: {@code
   * DRM_CONNECTOR_POLL_HPD}.
   */
  default boolean isHotpluggable() {
    return false;
  }

  /** Returns whether the socket takes interlaced modes. */
  default boolean isInterlaceAllowed() {
    return false;
  }

  /**
   * Returns whether the socket takes a mode. Kernel: {@code drm_connector_helper_funcs.mode_valid}.
   */
  default boolean modeValid(DisplayMode mode) {
    return true;
  }

  /** The modes of what is connected, the best first. */
  ImmutableList<DisplayMode> modes();

  /**
   * The monitor's description of itself; null if nothing is connected, or it has none. Kernel:
   * {@code drm_edid_connector_update()} is called with it.
   */
  default @Nullable Edid edid() {
    return null;
  }

  /** As the monitor says; 0 if that is unknown. */
  default int widthMm() {
    Edid told = edid();
    return told == null ? 0 : told.widthMm();
  }

  /** As the monitor says; 0 if that is unknown. */
  default int heightMm() {
    Edid told = edid();
    return told == null ? 0 : told.heightMm();
  }
}
