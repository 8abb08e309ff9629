package org.smmulator.drm.gem;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/** One open file's names for buffers: small numbers from 1, the lowest free first. */
public final class GemHandles {
  /**
   * The most handles of one file. Linux has no such limit but its memory, which is charged to the
   * client; here it is the host's.
   */
  public static final int MAX_HANDLES = 1 << 17;

  private final BitSet taken = new BitSet();
  private final List<@Nullable GemObject> objects = new ArrayList<>(0);

  private final Object file;
  private final FaultInjector faults;
  private final GemPrime prime = new GemPrime(this);

  /**
   * Makes an empty space of names.
   *
   * @param file the open file, by which the driver finds its own state
   * @param faults makes allocations fail on purpose
   */
  public GemHandles(Object file, FaultInjector faults) {
    this.file = file;
    this.faults = faults;
    taken.set(0);
    objects.add(null);
  }

  /** The open file whose names these are. */
  public Object file() {
    return file;
  }

  /** The buffers that have handles, by handle; one whose handle is being given back has none. */
  public ImmutableList<GemObject> objects() {
    ImmutableList.Builder<GemObject> found = ImmutableList.builder();
    for (GemObject object : objects) {
      if (object != null) {
        found.add(object);
      }
    }
    return found.build();
  }

  /** The file's shared buffers. */
  public GemPrime prime() {
    return prime;
  }

  /**
   * Makes a handle; it takes no reference of the caller's. Kernel: {@code drm_gem_handle_create()}.
   *
   * @throws ErrnoException ENOMEM if the file has {@link #MAX_HANDLES}
   */
  public int create(GemObject object) throws ErrnoException {
    int handle = taken.nextClearBit(1);
    if (handle > MAX_HANDLES || faults.shouldFail(Site.HANDLE)) {
      throw ENOMEM.because("the file has %d handles", MAX_HANDLES);
    }
    taken.set(handle);
    while (objects.size() <= handle) {
      objects.add(null);
    }
    objects.set(handle, object);
    object.handleMade(this);
    return handle;
  }

  private @Nullable GemObject find(int handle) {
    return handle > 0 && handle < objects.size() ? objects.get(handle) : null;
  }

  /**
   * Takes a reference to the object behind {@code handle}, which the caller gives back. Kernel:
   * {@code drm_gem_object_lookup()}.
   *
   * @throws ErrnoException ENOENT if there is none; no reference is taken then
   */
  public GemObject lookup(int handle) throws ErrnoException {
    GemObject object = find(handle);
    if (object == null) {
      throw ENOENT.because("no object has handle %d", handle);
    }
    object.get();
    return object;
  }

  /**
   * The offset at which the device's file shows the buffer behind {@code handle}. Kernel: {@code
   * drm_gem_dumb_map_offset()}.
   *
   * @throws ErrnoException ENOENT if there is none; EINVAL if it is of another device; ENOSPC if
   *     there is no offset left
   */
  public long dumbMapOffset(int handle) throws ErrnoException {
    try (GemObject object = lookup(handle)) {
      if (object.isImported()) {
        throw EINVAL.because("the buffer of handle %d is of another device", handle);
      }
      return object.mmapOffset();
    }
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
    object.handleGone(this, handle);
    taken.clear(handle);
  }

  /**
   * The lines of fdinfo about the memory of the buffers. Kernel: {@code drm_show_memory_stats()}.
   */
  public String memoryStats() {
    MemoryStats stats = new MemoryStats();
    for (GemObject object : objects) {
      if (object != null) {
        stats.add(object);
      }
    }
    return stats.show();
  }

  /** Gives every handle back, lowest first. Kernel: {@code drm_gem_release()}. */
  public void releaseAll() {
    for (int handle = 1; handle < objects.size(); handle++) {
      GemObject object = objects.get(handle);
      if (object != null) {
        objects.set(handle, null);
        object.handleGone(this, handle);
      }
    }
    taken.clear(1, objects.size());
  }
}
