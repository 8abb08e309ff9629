package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.dmabuf.Fence;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.sched.SchedJob;
import org.smmulator.drm.syncobj.Syncobj;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.uapi.msm.GemSubmitSyncobj;

/**
 * The sync objects of a submit: those that it waits for, and those that get its fence. Kernel:
 * {@code msm_syncobj.c}.
 *
 * <p>It holds a reference to each until {@link #put}.
 */
final class SubmitSyncobjs {
  /** The size of {@code struct msm_syncobj_post_dep}, of which one allocation has all. */
  private static final int POST_DEP_BYTES = 24;

  /** A sync object that gets the submit's fence, as a point of a timeline if it is not 0. */
  private record PostDep(Syncobj syncobj, long point) {}

  /** A client's array of {@link GemSubmitSyncobj}. */
  record Table(long userPtr, int count) {}

  private final DrmFile file;
  private final Caller caller;
  private final Table in;
  private final Table out;
  private final int strideBytes;
  private final List<Syncobj> toReset = new ArrayList<>(0);
  private final List<PostDep> postDeps = new ArrayList<>(0);

  /**
   * Makes it without objects.
   *
   * @param strideBytes from one struct to the next in both arrays
   */
  SubmitSyncobjs(DrmFile file, Caller caller, Table in, Table out, int strideBytes) {
    this.file = file;
    this.caller = caller;
    this.in = in;
    this.out = out;
    this.strideBytes = strideBytes;
  }

  /**
   * Looks up the objects that there are, and has {@code job} wait for them.
   *
   * @param hasIn whether there are any to wait for
   * @param hasOut whether there are any to signal
   * @throws ErrnoException ENOMEM for more than one allocation takes; EFAULT; EINVAL for flags, for
   *     an object without such a fence to wait for, and for no object to signal; ENOENT for no
   *     object to wait for
   */
  void parse(SchedJob job, boolean hasIn, boolean hasOut) throws ErrnoException {
    if (hasIn) {
      parseDeps(job);
    }
    if (hasOut) {
      parsePostDeps();
    }
  }

  /** Kernel: {@code msm_syncobj_parse_deps()}. */
  private void parseDeps(SchedJob job) throws ErrnoException {
    checkAllocation(in.count(), Long.BYTES);
    Scheduler scheduler = file.device().core().kernel().scheduler();
    for (int i = 0; i < in.count(); i++) {
      GemSubmitSyncobj asked = copyIn(in.userPtr(), i);
      if ((asked.flags() & ~GemSubmitSyncobj.RESET) != 0) {
        throw EINVAL.because("syncobj flags %#x", asked.flags());
      }
      // drm_sched_job_add_syncobj_dependency() takes the point as 32 bits: reproduced as it is.
      long point = Integer.toUnsignedLong((int) asked.point());
      job.addDependency(file.syncobjs().findFence(scheduler, asked.handle(), point, false));
      if ((asked.flags() & GemSubmitSyncobj.RESET) != 0) {
        toReset.add(lookup(asked.handle()));
      }
    }
  }

  /** Kernel: {@code msm_syncobj_parse_post_deps()}. */
  private void parsePostDeps() throws ErrnoException {
    checkAllocation(out.count(), POST_DEP_BYTES);
    for (int i = 0; i < out.count(); i++) {
      GemSubmitSyncobj asked = copyIn(out.userPtr(), i);
      if (asked.flags() != 0) {
        throw EINVAL.because("syncobj flags %#x", asked.flags());
      }
      postDeps.add(new PostDep(lookup(asked.handle()), asked.point()));
    }
  }

  private static void checkAllocation(int count, int bytesEach) throws ErrnoException {
    if (Integer.toUnsignedLong(count) * bytesEach > PageAllocator.KMALLOC_MAX_BYTES) {
      throw ENOMEM.because("%s sync objects", Integer.toUnsignedString(count));
    }
  }

  private Syncobj lookup(int handle) throws ErrnoException {
    Syncobj found = file.syncobjs().find(handle);
    if (found == null) {
      throw EINVAL.because("no sync object has handle %d", handle);
    }
    return found;
  }

  /** Copies as much of one struct as the client's stride has; the rest is zero. */
  private GemSubmitSyncobj copyIn(long userPtr, int index) throws ErrnoException {
    long stride = Integer.toUnsignedLong(strideBytes);
    long bytes = Math.min(stride, GemSubmitSyncobj.LAYOUT.byteSize());
    MemorySegment copy = MemorySegment.ofArray(new long[2]);
    caller.memory().copyFrom(userPtr + index * stride, copy, 0, bytes);
    return GemSubmitSyncobj.read(copy, 0);
  }

  /**
   * The submit is on its way: empties what was to be reset, then hands {@code done} out. Kernel:
   * {@code msm_syncobj_reset()}, {@code msm_syncobj_process_post_deps()}.
   */
  void process(Fence done) {
    toReset.forEach(syncobj -> syncobj.replace(null));
    for (PostDep postDep : postDeps) {
      if (postDep.point != 0) {
        postDep.syncobj.addPoint(done, postDep.point);
      } else {
        postDep.syncobj.replace(done);
      }
    }
  }

  /** Gives the references back. */
  void put() {
    toReset.forEach(Syncobj::put);
    postDeps.forEach(postDep -> postDep.syncobj.put());
  }
}
