package org.smmulator.script.kms;

/** The kinds of planes. */
public enum KmsPlane {
  OVERLAY(KmsObject.OVERLAY),
  PRIMARY(KmsObject.PRIMARY),
  CURSOR(KmsObject.CURSOR);

  private final KmsObject object;

  KmsPlane(KmsObject object) {
    this.object = object;
  }

  /** The same among all kinds of objects. */
  public KmsObject object() {
    return object;
  }
}
