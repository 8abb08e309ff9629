package org.smmulator.drm.kms.object;

import org.smmulator.uapi.drm.mode.ModeObjGetProperties;

/** Kinds of objects. Kernel: {@code DRM_MODE_OBJECT_*}. */
public enum ObjectType {
  CRTC(ModeObjGetProperties.OBJECT_CRTC),
  CONNECTOR(ModeObjGetProperties.OBJECT_CONNECTOR),
  ENCODER(ModeObjGetProperties.OBJECT_ENCODER),
  PROPERTY(ModeObjGetProperties.OBJECT_PROPERTY),
  FRAMEBUFFER(ModeObjGetProperties.OBJECT_FB),
  BLOB(ModeObjGetProperties.OBJECT_BLOB),
  PLANE(ModeObjGetProperties.OBJECT_PLANE);

  private final int number;

  ObjectType(int number) {
    this.number = number;
  }

  /** The number that clients pass. */
  public int number() {
    return number;
  }

  /**
   * Returns whether a lessee sees only those that its lease has. Kernel: {@code
   * drm_mode_object_lease_required()}.
   */
  public boolean isLeased() {
    return this == CRTC || this == CONNECTOR || this == PLANE;
  }
}
