package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeObjGetProperties;
import org.smmulator.userspace.LibDrmMode;

/** The objects of a card as a scenario counts them: the first CRTC, the second overlay. */
public enum KmsObject {
  CRTC(ModeObjGetProperties.OBJECT_CRTC),
  CONNECTOR(ModeObjGetProperties.OBJECT_CONNECTOR),
  ENCODER(ModeObjGetProperties.OBJECT_ENCODER),
  OVERLAY(ModeObjGetProperties.OBJECT_PLANE),
  PRIMARY(ModeObjGetProperties.OBJECT_PLANE),
  CURSOR(ModeObjGetProperties.OBJECT_PLANE);

  /** No object has it. */
  public static final int NO_OBJECT = 0;

  private final int type;

  KmsObject(int type) {
    this.type = type;
  }

  /** {@code DRM_MODE_OBJECT_*}. */
  public int type() {
    return type;
  }

  /**
   * The number that the kernel knows an object by; {@link #NO_OBJECT}, which the kernel refuses, if
   * the client sees fewer.
   *
   * @param index from 0, among those of its kind
   * @throws ErrnoException what asking the card gives
   */
  public int find(LibDrmMode card, long index) throws ErrnoException {
    List<Integer> all = all(card);
    return index < all.size() ? all.get((int) index) : NO_OBJECT;
  }

  /**
   * The number of a property of an object of this kind; 0, which the kernel refuses, if it has none
   * of that name, or if the object is {@link #NO_OBJECT}.
   *
   * @throws ErrnoException what asking the card gives
   */
  public int propertyOf(int id, LibDrmMode card, String name) throws ErrnoException {
    return id == NO_OBJECT ? 0 : card.propertyId(id, type, name);
  }

  private List<Integer> all(LibDrmMode card) throws ErrnoException {
    return switch (this) {
      case CRTC -> card.resources().crtcs();
      case CONNECTOR -> card.resources().connectors();
      case ENCODER -> card.resources().encoders();
      case OVERLAY -> planes(card, 0);
      case PRIMARY -> planes(card, 1);
      case CURSOR -> planes(card, 2);
    };
  }

  /** The planes whose property {@code type} has that value, as {@code DRM_PLANE_TYPE_*} count. */
  private static List<Integer> planes(LibDrmMode card, long type) throws ErrnoException {
    ImmutableList.Builder<Integer> found = ImmutableList.builder();
    for (int plane : card.planes()) {
      if (card.planeType(plane) == type) {
        found.add(plane);
      }
    }
    return found.build();
  }
}
