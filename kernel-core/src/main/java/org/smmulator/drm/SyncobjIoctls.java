package org.smmulator.drm;

import static org.smmulator.drm.IoctlTable.RENDER_ALLOW;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceChain;
import org.smmulator.dmabuf.FenceUnwrap;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.drm.syncobj.Syncobj;
import org.smmulator.drm.syncobj.SyncobjFile;
import org.smmulator.drm.syncobj.SyncobjWait;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.EventFd;
import org.smmulator.kernel.fs.FileTable.ReservedFd;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjArray;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;
import org.smmulator.uapi.drm.DrmSyncobjEventfd;
import org.smmulator.uapi.drm.DrmSyncobjHandle;
import org.smmulator.uapi.drm.DrmSyncobjTimelineArray;
import org.smmulator.uapi.drm.DrmSyncobjTimelineWait;
import org.smmulator.uapi.drm.DrmSyncobjTransfer;
import org.smmulator.uapi.drm.DrmSyncobjWait;

/** Ioctls on sync objects. Kernel: {@code drm_syncobj.c}. */
final class SyncobjIoctls {
  /** The size of {@code struct syncobj_wait_entry}, of which a wait allocates one for each. */
  private static final int WAIT_ENTRY_BYTES = 64;

  private SyncobjIoctls() {}

  static void addTo(IoctlTable.Builder table) {
    table
        .add(DrmIoctl.SYNCOBJ_CREATE, RENDER_ALLOW, binary(SyncobjIoctls::create))
        .add(DrmIoctl.SYNCOBJ_DESTROY, RENDER_ALLOW, binary(SyncobjIoctls::destroy))
        .add(DrmIoctl.SYNCOBJ_HANDLE_TO_FD, RENDER_ALLOW, binary(SyncobjIoctls::handleToFd))
        .add(DrmIoctl.SYNCOBJ_FD_TO_HANDLE, RENDER_ALLOW, binary(SyncobjIoctls::fdToHandle))
        .add(DrmIoctl.SYNCOBJ_WAIT, RENDER_ALLOW, binary(SyncobjIoctls::await))
        .add(DrmIoctl.SYNCOBJ_RESET, RENDER_ALLOW, binary(SyncobjIoctls::reset))
        .add(DrmIoctl.SYNCOBJ_SIGNAL, RENDER_ALLOW, binary(SyncobjIoctls::signal))
        .add(DrmIoctl.SYNCOBJ_TRANSFER, RENDER_ALLOW, timeline(SyncobjIoctls::transfer))
        .add(DrmIoctl.SYNCOBJ_TIMELINE_WAIT, RENDER_ALLOW, timeline(SyncobjIoctls::awaitPoints))
        .add(DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL, RENDER_ALLOW, timeline(SyncobjIoctls::signalPoints))
        .add(DrmIoctl.SYNCOBJ_QUERY, RENDER_ALLOW, timeline(SyncobjIoctls::query))
        .add(DrmIoctl.SYNCOBJ_EVENTFD, RENDER_ALLOW, timeline(SyncobjIoctls::eventfd));
  }

  private static IoctlHandler binary(IoctlHandler handler) {
    return demanding(DriverFeature.SYNCOBJ, handler);
  }

  private static IoctlHandler timeline(IoctlHandler handler) {
    return demanding(DriverFeature.SYNCOBJ_TIMELINE, handler);
  }

  /** EOPNOTSUPP, before anything else, if the driver does not have it. */
  private static IoctlHandler demanding(DriverFeature feature, IoctlHandler handler) {
    return (file, arg) -> {
      if (!file.device().has(feature)) {
        throw EOPNOTSUPP.because("%s has no %s", file.device().driver().name(), feature);
      }
      handler.run(file, arg);
    };
  }

  private static void checkFlags(int flags, int known) throws ErrnoException {
    if ((flags & ~known) != 0) {
      throw EINVAL.because("flags %#x", flags);
    }
  }

  private static void checkPad(int pad) throws ErrnoException {
    if (pad != 0) {
      throw EINVAL.because("pad %#x", pad);
    }
  }

  // ---- objects and handles

  /** EINVAL for unknown flags; ENOMEM. Kernel: {@code drm_syncobj_create_ioctl()}. */
  private static void create(DrmFile file, IoctlArg arg) throws ErrnoException {
    int flags = arg.read(DrmSyncobjCreate::read).flags();
    checkFlags(flags, DrmSyncobjCreate.SIGNALED);
    boolean signaled = (flags & DrmSyncobjCreate.SIGNALED) != 0;
    var fences = file.device().core().fences();
    try (Syncobj made = new Syncobj(fences, signaled ? fences.signaled() : null)) {
      new DrmSyncobjCreate(file.syncobjs().create(made), flags).write(arg.bytes(), 0);
    }
  }

  /** EINVAL for padding and for no such handle. Kernel: {@code drm_syncobj_destroy_ioctl()}. */
  private static void destroy(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjDestroy asked = arg.read(DrmSyncobjDestroy::read);
    checkPad(asked.pad());
    file.syncobjs().delete(asked.handle());
  }

  // ---- descriptors

  /** EINVAL for padding, unknown flags, and a point that does not count. */
  private static long checkHandle(DrmSyncobjHandle asked) throws ErrnoException {
    checkPad(asked.pad());
    checkFlags(asked.flags(), DrmSyncobjHandle.SYNC_FILE | DrmSyncobjHandle.TIMELINE);
    if (!isSyncFile(asked) && asked.point() != 0) {
      throw EINVAL.because("point %d of a whole sync object", asked.point());
    }
    return (asked.flags() & DrmSyncobjHandle.TIMELINE) != 0 ? asked.point() : 0;
  }

  private static boolean isSyncFile(DrmSyncobjHandle asked) {
    return (asked.flags() & DrmSyncobjHandle.SYNC_FILE) != 0;
  }

  /**
   * EINVAL as {@link #checkHandle}, and for no such object; EMFILE. A sync file: EMFILE, then
   * ENOENT for no such object, EINVAL for no fence in it. Kernel: {@code
   * drm_syncobj_handle_to_fd_ioctl()}.
   */
  private static void handleToFd(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjHandle asked = arg.read(DrmSyncobjHandle::read);
    long point = checkHandle(asked);
    if (isSyncFile(asked)) {
      arg.setU32(DrmSyncobjHandle.FD_OFFSET, exportSyncFile(file, arg.caller(), asked, point));
      return;
    }
    Syncobj syncobj = file.syncobjs().find(asked.handle());
    if (syncobj == null) {
      throw EINVAL.because("no sync object has handle %d", asked.handle());
    }
    try (syncobj) {
      ReservedFd fd = arg.caller().files().reserve();
      arg.setU32(DrmSyncobjHandle.FD_OFFSET, fd.install(SyncobjFile.open(syncobj)));
    }
  }

  /** Kernel: {@code drm_syncobj_export_sync_file()}. */
  private static int exportSyncFile(DrmFile file, Caller caller, DrmSyncobjHandle asked, long point)
      throws ErrnoException {
    ReservedFd fd = caller.files().reserve();
    Fence fence;
    try {
      fence = findFence(file, asked.handle(), point, false);
    } catch (ErrnoException e) {
      fd.put();
      throw e;
    }
    return fd.install(SyncFile.open(fence));
  }

  /**
   * EINVAL as {@link #checkHandle}, and for a descriptor of something else; ENOMEM. A sync file:
   * EINVAL for a descriptor of something else, then ENOENT. Kernel: {@code
   * drm_syncobj_fd_to_handle_ioctl()}.
   */
  private static void fdToHandle(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjHandle asked = arg.read(DrmSyncobjHandle::read);
    long point = checkHandle(asked);
    if (isSyncFile(asked)) {
      importSyncFile(file, SyncFile.fenceOf(arg.caller(), asked.fd()), asked.handle(), point);
      return;
    }
    try (Syncobj syncobj = SyncobjFile.lookup(arg.caller(), asked.fd())) {
      arg.setU32(DrmSyncobjHandle.HANDLE_OFFSET, file.syncobjs().create(syncobj));
    }
  }

  /**
   * Kernel: {@code drm_syncobj_import_sync_file_fence()}, which puts a chain into a chain as it
   * comes, warns, and leaves it to clients how deep that goes. Here it is flattened, as TRANSFER
   * does it.
   */
  private static void importSyncFile(DrmFile file, Fence fence, int handle, long point)
      throws ErrnoException {
    try (Syncobj syncobj = file.syncobjs().lookup(handle)) {
      if (point != 0) {
        syncobj.addPoint(flat(file, fence), point);
      } else {
        syncobj.replace(fence);
      }
    }
  }

  private static Fence flat(DrmFile file, Fence fence) {
    return FenceUnwrap.merge(file.device().core().fences(), ImmutableList.of(fence));
  }

  // ---- waiting

  /**
   * EINVAL for unknown flags; for no objects nothing; ENOMEM, EFAULT, ENOENT as {@link #lookup};
   * then what {@link SyncobjWait#await} says. Kernel: {@code drm_syncobj_wait_ioctl()}.
   */
  private static void await(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjWait asked = arg.read(DrmSyncobjWait::read);
    int known =
        DrmSyncobjWait.WAIT_ALL | DrmSyncobjWait.WAIT_FOR_SUBMIT | DrmSyncobjWait.WAIT_DEADLINE;
    checkFlags(asked.flags(), known);
    DrmSyncobjTimelineWait wait =
        new DrmSyncobjTimelineWait(
            asked.handles(),
            0,
            asked.timeoutNsec(),
            asked.countHandles(),
            asked.flags(),
            asked.firstSignaled(),
            asked.pad(),
            asked.deadlineNsec());
    await(file, arg, wait, DrmSyncobjWait.FIRST_SIGNALED_OFFSET);
  }

  /** The same for points. Kernel: {@code drm_syncobj_timeline_wait_ioctl()}. */
  private static void awaitPoints(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjTimelineWait asked = arg.read(DrmSyncobjTimelineWait::read);
    int known =
        DrmSyncobjWait.WAIT_ALL
            | DrmSyncobjWait.WAIT_FOR_SUBMIT
            | DrmSyncobjWait.WAIT_AVAILABLE
            | DrmSyncobjWait.WAIT_DEADLINE;
    checkFlags(asked.flags(), known);
    await(file, arg, asked, DrmSyncobjTimelineWait.FIRST_SIGNALED_OFFSET);
  }

  private static void await(
      DrmFile file, IoctlArg arg, DrmSyncobjTimelineWait asked, long firstOffset)
      throws ErrnoException {
    if (asked.countHandles() == 0) {
      return;
    }
    List<Syncobj> syncobjs = lookup(file, arg.caller(), asked.handles(), asked.countHandles());
    try {
      long[] points = points(arg.caller(), asked.points(), asked.countHandles());
      checkAllocation(asked.countHandles(), WAIT_ENTRY_BYTES);
      MonotonicClock clock = file.device().core().kernel().clock();
      int first =
          SyncobjWait.await(
              file.device().core().kernel().scheduler(),
              syncobjs,
              points,
              asked.flags(),
              deadlineNs(clock, asked.timeoutNsec()),
              hintNs(clock, asked));
      arg.setU32(firstOffset, first);
    } finally {
      syncobjs.forEach(Syncobj::put);
    }
  }

  /** Kernel: {@code drm_timeout_abs_to_jiffies()}; what is past has one look. */
  private static long deadlineNs(MonotonicClock clock, long timeoutNs) {
    return timeoutNs <= 0 ? Long.MIN_VALUE : clock.deadlineNs(timeoutNs);
  }

  private static @Nullable Long hintNs(MonotonicClock clock, DrmSyncobjTimelineWait asked) {
    boolean hints = (asked.flags() & DrmSyncobjWait.WAIT_DEADLINE) != 0;
    return hints ? clock.deadlineNs(asked.deadlineNsec()) : null;
  }

  /**
   * EINVAL for unknown flags, then for padding; ENOENT; EBADF and EINVAL for the descriptor.
   * Kernel: {@code drm_syncobj_eventfd_ioctl()}.
   */
  private static void eventfd(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjEventfd asked = arg.read(DrmSyncobjEventfd::read);
    checkFlags(asked.flags(), DrmSyncobjWait.WAIT_AVAILABLE);
    checkPad(asked.pad());
    try (Syncobj syncobj = file.syncobjs().lookup(asked.handle())) {
      syncobj.addEvent(EventFd.of(arg.caller(), asked.fd()), asked.point(), asked.flags() != 0);
    }
  }

  // ---- signalling

  /** EINVAL for padding and for no objects. ENOMEM, EFAULT, ENOENT. */
  private static List<Syncobj> array(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjArray asked = arg.read(DrmSyncobjArray::read);
    if (asked.pad() != 0 || asked.countHandles() == 0) {
      throw EINVAL.because("pad %#x, %d handles", asked.pad(), asked.countHandles());
    }
    return lookup(file, arg.caller(), asked.handles(), asked.countHandles());
  }

  /** Kernel: {@code drm_syncobj_reset_ioctl()}. */
  private static void reset(DrmFile file, IoctlArg arg) throws ErrnoException {
    for (Syncobj syncobj : array(file, arg)) {
      syncobj.replace(null);
      syncobj.put();
    }
  }

  /** Kernel: {@code drm_syncobj_signal_ioctl()}. */
  private static void signal(DrmFile file, IoctlArg arg) throws ErrnoException {
    for (Syncobj syncobj : array(file, arg)) {
      syncobj.signal();
      syncobj.put();
    }
  }

  /** EINVAL for flags and for no objects. Kernel: {@code drm_syncobj_timeline_signal_ioctl()}. */
  private static void signalPoints(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjTimelineArray asked = arg.read(DrmSyncobjTimelineArray::read);
    List<Syncobj> syncobjs = pointArray(file, arg, asked, 0);
    try {
      long[] points = points(arg.caller(), asked.points(), asked.countHandles());
      for (int i = 0; i < points.length; i++) {
        syncobjs.get(i).addPoint(file.device().core().fences().stub(), points[i]);
      }
    } finally {
      syncobjs.forEach(Syncobj::put);
    }
  }

  private static List<Syncobj> pointArray(
      DrmFile file, IoctlArg arg, DrmSyncobjTimelineArray asked, int knownFlags)
      throws ErrnoException {
    if ((asked.flags() & ~knownFlags) != 0 || asked.countHandles() == 0) {
      throw EINVAL.because("flags %#x, %d handles", asked.flags(), asked.countHandles());
    }
    return lookup(file, arg.caller(), asked.handles(), asked.countHandles());
  }

  /**
   * EINVAL for unknown flags and for no objects; EFAULT at the first point that cannot be written.
   * Kernel: {@code drm_syncobj_query_ioctl()}.
   */
  private static void query(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjTimelineArray asked = arg.read(DrmSyncobjTimelineArray::read);
    int flags = DrmSyncobjTimelineArray.LAST_SUBMITTED;
    List<Syncobj> syncobjs = pointArray(file, arg, asked, flags);
    boolean submitted = (asked.flags() & flags) != 0;
    MemorySegment answer = MemorySegment.ofArray(new long[1]);
    try {
      for (int i = 0; i < syncobjs.size(); i++) {
        Fence fence = syncobjs.get(i).fence();
        answer.set(U64, 0, fence instanceof FenceChain chain ? point(chain, submitted) : 0);
        long userPtr = asked.points() + (long) i * Long.BYTES;
        arg.caller().memory().copyTo(userPtr, answer, 0, Long.BYTES);
      }
    } finally {
      syncobjs.forEach(Syncobj::put);
    }
  }

  /** The last point that was put in, or the last that is reached. */
  private static long point(FenceChain head, boolean submitted) {
    if (submitted) {
      return head.seqno();
    }
    FenceChain oldest = head;
    Fence at = head;
    while (at instanceof FenceChain chain && chain.context() == head.context()) {
      oldest = chain;
      at = FenceChain.walk(chain);
    }
    return oldest.isSignaled() ? oldest.seqno() : oldest.prevSeqno();
  }

  /**
   * EINVAL for padding; ENOENT for no such destination, then what finding the source's fence says.
   * Kernel: {@code drm_syncobj_transfer_ioctl()}.
   */
  private static void transfer(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmSyncobjTransfer asked = arg.read(DrmSyncobjTransfer::read);
    checkPad(asked.pad());
    try (Syncobj to = file.syncobjs().lookup(asked.dstHandle())) {
      Fence fence = transferred(file, asked);
      if (asked.dstPoint() != 0) {
        to.addPoint(flat(file, fence), asked.dstPoint());
      } else {
        to.replace(fence);
      }
    }
  }

  private static Fence transferred(DrmFile file, DrmSyncobjTransfer asked) throws ErrnoException {
    file.syncobjs().lookup(asked.srcHandle()).put(); // no such object before unknown flags
    checkFlags(asked.flags(), DrmSyncobjWait.WAIT_FOR_SUBMIT);
    return findFence(file, asked.srcHandle(), asked.srcPoint(), asked.flags() != 0);
  }

  private static Fence findFence(DrmFile file, int handle, long point, boolean forSubmit)
      throws ErrnoException {
    return file.syncobjs()
        .findFence(file.device().core().kernel().scheduler(), handle, point, forSubmit);
  }

  // ---- arrays

  /**
   * Copies an array of handles in and takes a reference to each object. ENOMEM for more than one
   * allocation takes, EFAULT, ENOMEM, ENOENT.
   */
  private static List<Syncobj> lookup(DrmFile file, Caller caller, long userPtr, int count)
      throws ErrnoException {
    checkAllocation(count, Integer.BYTES);
    MemorySegment copy = copyIn(caller, userPtr, (long) count * Integer.BYTES);
    checkAllocation(count, Long.BYTES);
    int[] handles = new int[count];
    for (int i = 0; i < count; i++) {
      handles[i] = copy.getAtIndex(U32, i);
    }
    return file.syncobjs().lookupAll(handles);
  }

  /** Copies an array of points in; they are 0 if there is none. EFAULT. */
  private static long[] points(Caller caller, long userPtr, int count) throws ErrnoException {
    long[] points = new long[count];
    if (userPtr != 0) {
      MemorySegment copy = copyIn(caller, userPtr, (long) count * Long.BYTES);
      for (int i = 0; i < count; i++) {
        points[i] = copy.getAtIndex(U64, i);
      }
    }
    return points;
  }

  private static MemorySegment copyIn(Caller caller, long userPtr, long sizeBytes)
      throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[(int) ((sizeBytes + 7) / 8)]);
    caller.memory().copyFrom(userPtr, copy, 0, sizeBytes);
    return copy;
  }

  private static void checkAllocation(int count, int bytesEach) throws ErrnoException {
    if (Integer.toUnsignedLong(count) * bytesEach > PageAllocator.KMALLOC_MAX_BYTES) {
      throw ENOMEM.because("%s sync objects", Integer.toUnsignedString(count));
    }
  }
}
