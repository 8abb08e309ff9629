package org.smmulator.drm.kms.object;

/** A property of one object, and its value there. */
public interface AttachedProperty {
  Property property();

  /** The value now, as clients see it. Kernel: {@code drm_object_property_get_value()}. */
  long value();
}
