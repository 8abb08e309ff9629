package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.kms.mode.DisplayMode;

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

  /** The modes of what is connected, the best first. */
  ImmutableList<DisplayMode> modes();

  int widthMm();

  int heightMm();
}
