package org.smmulator.drm.kms;

/** How a plane's alpha is meant. Kernel: {@code DRM_MODE_BLEND_*}. */
public enum BlendMode {
  /** Colours are multiplied by alpha already. */
  PREMULTIPLIED("Pre-multiplied"),
  COVERAGE("Coverage"),

  /** The pixels' alpha does not count. */
  NONE("None");

  private final String label;

  BlendMode(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
