package org.smmulator.drm.kms;

/** How a plane's alpha is meant. Kernel: {@code DRM_MODE_BLEND_*}. */
public enum BlendMode {
  /** Colours are multiplied by alpha already. */
  PREMULTIPLIED(0, "Pre-multiplied"),
  COVERAGE(1, "Coverage"),

  /** The pixels' alpha does not count. */
  NONE(2, "None");

  private final int number;
  private final String label;

  BlendMode(int number, String label) {
    this.number = number;
    this.label = label;
  }

  static BlendMode of(long number) {
    for (BlendMode mode : values()) {
      if (mode.number == number) {
        return mode;
      }
    }
    throw new IllegalArgumentException("no mode of blending has the number " + number);
  }

  /** The value of the plane's property {@code pixel blend mode}. */
  int number() {
    return number;
  }

  String label() {
    return label;
  }
}
