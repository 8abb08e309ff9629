package org.smmulator.drm.kms;

/** The purpose of a plane. Kernel: {@code enum drm_plane_type}. */
public enum PlaneType {
  OVERLAY(0),
  PRIMARY(1),
  CURSOR(2);

  private final int number;

  PlaneType(int number) {
    this.number = number;
  }

  /** The value of the plane's property {@code type}. */
  public int number() {
    return number;
  }
}
