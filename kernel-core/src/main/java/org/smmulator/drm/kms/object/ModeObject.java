package org.smmulator.drm.kms.object;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client names by a number. Kernel: {@code struct drm_mode_object}.
 *
 * <p>Framebuffers and blobs are counted and go with their last reference; all else lives as long as
 * its device, and counts for nothing.
 */
public abstract class ModeObject {
  private final ObjectType type;
  private int id;
  private int references = 1;

  protected ModeObject(ObjectType type) {
    this.type = type;
  }

  public final ObjectType type() {
    return type;
  }

  /** The number; 0 once the object has none any more. */
  public final int id() {
    return id;
  }

  final void setId(int number) {
    id = number;
  }

  /** The properties in their order; null for a kind of object that has none. */
  public @Nullable ImmutableList<? extends AttachedProperty> properties() {
    return null;
  }

  /** Takes a reference. Kernel: {@code drm_mode_object_get()}. */
  public final void get() {
    checkState(references > 0, "object %s is free", id);
    references++;
  }

  /** Gives a reference back. Kernel: {@code drm_mode_object_put()}. */
  public final void put() {
    checkState(references > 0, "object %s is free", id);
    if (--references == 0) {
      free();
    }
  }

  /** How many references there are. */
  public final int references() {
    return references;
  }

  /** The last reference is gone; only counted objects let it come to that. */
  protected void free() {}
}
