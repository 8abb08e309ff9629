package org.smmulator.drm.kms;

import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;

/** A part that turns pixels into a connector's signals. Kernel: {@code struct drm_encoder}. */
public final class Encoder extends ModeObject {
  private final int index;
  private final int encoderType;
  private final int possibleCrtcs;

  Encoder(int index, int encoderType, int possibleCrtcs) {
    super(ObjectType.ENCODER);
    this.index = index;
    this.encoderType = encoderType;
    this.possibleCrtcs = possibleCrtcs;
  }

  int mask() {
    return 1 << index;
  }

  /** One of the {@code TYPE_*} of an encoder. */
  public int encoderType() {
    return encoderType;
  }

  /** A mask of CRTCs' indices. */
  public int possibleCrtcs() {
    return possibleCrtcs;
  }

  /** A mask of the encoders that can show the same beside it: only itself. */
  public int possibleClones() {
    return mask();
  }
}
