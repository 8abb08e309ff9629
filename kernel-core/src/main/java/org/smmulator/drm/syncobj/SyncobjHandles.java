package org.smmulator.drm.syncobj;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.task.Scheduler;

/** One open file's names for sync objects: small numbers from 1, the lowest free first. */
public final class SyncobjHandles {
  /**
   * The most handles of one file. Linux has no such limit but its memory, which is charged to the
   * client; here it is the host's.
   */
  public static final int MAX_HANDLES = 1 << 17;

  private final BitSet taken = new BitSet();
  private final List<@Nullable Syncobj> objects = new ArrayList<>(0);

  private final FaultInjector faults;

  /**
   * Makes an empty space of names. Kernel: {@code drm_syncobj_open()}.
   *
   * @param faults makes allocations fail on purpose
   */
  public SyncobjHandles(FaultInjector faults) {
    this.faults = faults;
    taken.set(0);
  }

  /**
   * Makes a handle, which takes a reference of its own. Kernel: {@code drm_syncobj_get_handle()}.
   *
   * @throws ErrnoException ENOMEM if the file has {@link #MAX_HANDLES}; no reference is taken then
   */
  public int create(Syncobj syncobj) throws ErrnoException {
    int handle = taken.nextClearBit(1);
    if (handle > MAX_HANDLES || faults.shouldFail(Site.HANDLE)) {
      throw ENOMEM.because("the file has %d sync objects", MAX_HANDLES);
    }
    taken.set(handle);
    while (objects.size() <= handle) {
      objects.add(null);
    }
    objects.set(handle, syncobj.get());
    return handle;
  }

  /**
   * Takes a reference to the object behind {@code handle}, which the caller gives back; null if
   * there is none. Kernel: {@code drm_syncobj_find()}.
   */
  public @Nullable Syncobj find(int handle) {
    Syncobj found = at(handle);
    return found == null ? null : found.get();
  }

  private @Nullable Syncobj at(int handle) {
    return handle > 0 && handle < objects.size() ? objects.get(handle) : null;
  }

  /**
   * The same for who gets an errno.
   *
   * @throws ErrnoException ENOENT if there is none; no reference is taken then
   */
  public Syncobj lookup(int handle) throws ErrnoException {
    Syncobj found = find(handle);
    if (found == null) {
      throw ENOENT.because("no sync object has handle %d", handle);
    }
    return found;
  }

  /**
   * Takes a reference to each of the objects behind {@code handles}, all of which the caller gives
   * back. Kernel: {@code drm_syncobj_array_find()}.
   *
   * @throws ErrnoException ENOENT if one of them is none; no reference is taken then
   */
  public ImmutableList<Syncobj> lookupAll(int[] handles) throws ErrnoException {
    ImmutableList.Builder<Syncobj> found = ImmutableList.builderWithExpectedSize(handles.length);
    try {
      for (int handle : handles) {
        found.add(lookup(handle));
      }
    } catch (ErrnoException noSuchHandle) {
      found.build().forEach(Syncobj::put);
      throw noSuchHandle;
    }
    return found.build();
  }

  /**
   * The fence after which {@code point} of the object behind {@code handle} is reached. Kernel:
   * {@code drm_syncobj_find_fence()}.
   *
   * @param forSubmit whether to wait until there is one, 5 s at most
   * @throws ErrnoException ENOENT if there is no such object; EINVAL if there is no fence yet;
   *     ETIME and ERESTARTSYS if it was waited for one
   */
  public Fence findFence(Scheduler scheduler, int handle, long point, boolean forSubmit)
      throws ErrnoException {
    try (Syncobj syncobj = lookup(handle)) {
      Fence found = syncobj.find(point);
      if (found != null) {
        return found;
      }
      if (!forSubmit) {
        throw EINVAL.because("sync object %d has not got to point %d", handle, point);
      }
      return SyncobjWait.forSubmit(scheduler, syncobj, point);
    }
  }

  /**
   * Gives a handle back. Kernel: {@code drm_syncobj_destroy()}.
   *
   * @throws ErrnoException EINVAL if it stands for nothing
   */
  public void delete(int handle) throws ErrnoException {
    Syncobj found = at(handle);
    if (found == null) {
      throw EINVAL.because("no sync object has handle %d", handle);
    }
    objects.set(handle, null);
    taken.clear(handle);
    found.put();
  }

  /** Gives every handle back. Kernel: {@code drm_syncobj_release()}. */
  public void releaseAll() {
    for (Syncobj object : objects) {
      if (object != null) {
        object.put();
      }
    }
    objects.clear();
    taken.clear(1, taken.length());
  }
}
