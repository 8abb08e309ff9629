package org.smmulator.drm.syncobj;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/** One open file's names for sync objects: small numbers from 1, the lowest free first. */
public final class SyncobjHandles {
  private final BitSet taken = new BitSet();

  // Looked up by handle, never iterated.
  private final Map<Integer, Syncobj> objects = new HashMap<>();

  /** Makes an empty space of names. Kernel: {@code drm_syncobj_open()}. */
  public SyncobjHandles() {
    taken.set(0);
  }

  /** Makes a handle. Kernel: {@code drm_syncobj_get_handle()}. */
  public int create(Syncobj syncobj) {
    int handle = taken.nextClearBit(1);
    taken.set(handle);
    objects.put(handle, syncobj);
    return handle;
  }

  /** The object behind {@code handle}; null if none. Kernel: {@code drm_syncobj_find()}. */
  public @Nullable Syncobj find(int handle) {
    return objects.get(handle);
  }

  /**
   * Gives a handle back. Kernel: {@code drm_syncobj_destroy()}.
   *
   * @throws ErrnoException EINVAL if it stands for nothing
   */
  public void delete(int handle) throws ErrnoException {
    if (objects.remove(handle) == null) {
      throw EINVAL.because("no syncobj has handle %d", handle);
    }
    taken.clear(handle);
  }

  /** Gives every handle back. Kernel: {@code drm_syncobj_release()}. */
  public void releaseAll() {
    objects.clear();
    taken.clear(1, taken.length());
  }
}
