package org.smmulator.drm.kms;

/** The purpose of a plane. Kernel: {@code enum drm_plane_type}. */
public enum PlaneType {
  OVERLAY,
  PRIMARY,
  CURSOR
}
