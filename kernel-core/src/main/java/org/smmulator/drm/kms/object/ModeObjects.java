package org.smmulator.drm.kms.object;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A device's objects by their numbers: from 1, the lowest free first. */
public final class ModeObjects {
  private final BitSet taken = new BitSet();
  private final List<@Nullable ModeObject> objects = new ArrayList<>();

  public ModeObjects() {
    taken.set(0);
    objects.add(null);
  }

  /** Gives {@code object} a number by which it is found. Kernel: {@code drm_mode_object_add()}. */
  public <T extends ModeObject> T add(T object) {
    int id = taken.nextClearBit(1);
    taken.set(id);
    while (objects.size() <= id) {
      objects.add(null);
    }
    objects.set(id, object);
    object.setId(id);
    return object;
  }

  /** Takes the number back, if there is one. Kernel: {@code drm_mode_object_unregister()}. */
  public void remove(ModeObject object) {
    if (object.id() != 0) {
      objects.set(object.id(), null);
      taken.clear(object.id());
      object.setId(0);
    }
  }

  /**
   * Finds an object and takes a reference, which the caller gives back. Kernel: {@code
   * __drm_mode_object_find()}.
   *
   * @param type null for any
   * @return null if there is none
   */
  public @Nullable ModeObject find(int id, @Nullable ObjectType type) {
    ModeObject found = id > 0 && id < objects.size() ? objects.get(id) : null;
    if (found == null || (type != null && found.type() != type)) {
      return null;
    }
    found.get();
    return found;
  }

  /** The same, of a kind. */
  public <T extends ModeObject> @Nullable T find(int id, ObjectType type, Class<T> as) {
    ModeObject found = find(id, type);
    return found == null ? null : as.cast(found);
  }

  /** Returns whether an object has that number. */
  public boolean has(int id) {
    return id > 0 && id < objects.size() && objects.get(id) != null;
  }

  /** The numbers that are taken, in their order. */
  public ImmutableList<Integer> ids() {
    return taken.stream().filter(id -> id != 0).boxed().collect(ImmutableList.toImmutableList());
  }
}
