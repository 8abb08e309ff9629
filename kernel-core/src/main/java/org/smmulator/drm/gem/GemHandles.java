package org.smmulator.drm.gem;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/** One open file's names for buffers: small numbers from 1, the lowest free first. */
public final class GemHandles {
  private final BitSet taken = new BitSet();
  private final List<@Nullable GemObject> objects = new ArrayList<>(0);

  private final Object file;

  /**
   * Makes an empty space of names.
   *
   * @param file the open file, by which the driver finds its own state
   */
  public GemHandles(Object file) {
    this.file = file;
    taken.set(0);
    objects.add(null);
  }

  /** The open file whose names these are. */
  public Object file() {
    return file;
  }

  /**
   * Makes a handle; it takes no reference of the caller's. Kernel: {@code drm_gem_handle_create()}.
   */
  public int create(GemObject object) {
    int handle = taken.nextClearBit(1);
    taken.set(handle);
    while (objects.size() <= handle) {
      objects.add(null);
    }
    objects.set(handle, object);
    object.handleMade(this);
    return handle;
  }

  /**
   * The object behind {@code handle}, without a reference of the caller's own; whoever may block
   * before it is done with the object takes one. Kernel: {@code drm_gem_object_lookup()}.
   *
   * @return null if there is none
   */
  public @Nullable GemObject find(int handle) {
    return handle > 0 && handle < objects.size() ? objects.get(handle) : null;
  }

  /**
   * The object behind {@code handle}, without a reference of the caller's own.
   *
   * @throws ErrnoException ENOENT if there is none
   */
  public GemObject lookup(int handle) throws ErrnoException {
    GemObject object = find(handle);
    if (object == null) {
      throw ENOENT.because("no object has handle %d", handle);
    }
    return object;
  }

  /**
   * Gives a handle back. Kernel: {@code drm_gem_handle_delete()}.
   *
   * @throws ErrnoException EINVAL if it stands for nothing
   */
  public void delete(int handle) throws ErrnoException {
    GemObject object = find(handle);
    if (object == null) {
      throw EINVAL.because("no object has handle %d", handle);
    }
    // The number is free only when the driver has let go, so that nobody meets it half closed.
    objects.set(handle, null);
    object.handleGone(this);
    taken.clear(handle);
  }

  /** Gives every handle back, lowest first. Kernel: {@code drm_gem_release()}. */
  public void releaseAll() {
    for (int handle = 1; handle < objects.size(); handle++) {
      GemObject object = objects.get(handle);
      if (object != null) {
        objects.set(handle, null);
        object.handleGone(this);
      }
    }
    taken.clear(1, objects.size());
  }
}
