package org.smmulator.userspace;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjArray;
import org.smmulator.uapi.drm.DrmSyncobjEventfd;
import org.smmulator.uapi.drm.DrmSyncobjHandle;
import org.smmulator.uapi.drm.DrmSyncobjTimelineArray;
import org.smmulator.uapi.drm.DrmSyncobjTimelineWait;
import org.smmulator.uapi.drm.DrmSyncobjTransfer;
import org.smmulator.uapi.drm.DrmSyncobjWait;

/**
 * libdrm's {@code drmSyncobj*()}: what can be done with the handles of {@link
 * LibDrm#createSyncobj}. Each method is one ioctl; timeouts are absolute, on CLOCK_MONOTONIC.
 */
public final class LibSyncobj implements ForkedState.Part {
  private final LibDrm drm;

  /** Works on an open DRM node. */
  public LibSyncobj(LibDrm drm) {
    this.drm = drm;
  }

  @Override
  public LibSyncobj copyInto(ForkedState state) {
    return new LibSyncobj(state.of(drm));
  }

  // ---- waiting

  /**
   * Waits for one of the objects, or for all of them: {@code drmSyncobjWait()}.
   *
   * @param flags a mask of the constants of {@link DrmSyncobjWait}
   * @return which had signalled first, -1 if none had when a wait for all of them began
   * @throws ErrnoException ETIME; EINVAL if one has no fence and the flags do not say to wait for
   *     it; ENOENT if one is none; EINTR
   */
  public int await(int[] handles, long timeoutNs, int flags) throws ErrnoException {
    try (Client.Scratch scratch = drm.client().scratch()) {
      long at = store(scratch, handles);
      new DrmSyncobjWait(at, timeoutNs, handles.length, flags, 0, 0, 0).write(drm.struct(), 0);
      drm.ioctl("SYNCOBJ_WAIT", DrmIoctl.SYNCOBJ_WAIT, DrmSyncobjWait.LAYOUT.byteSize());
      return DrmSyncobjWait.read(drm.struct(), 0).firstSignaled();
    }
  }

  /**
   * The same for points of them: {@code drmSyncobjTimelineWait()}.
   *
   * @throws ErrnoException as {@link #await}
   */
  public int awaitPoints(int[] handles, long[] points, long timeoutNs, int flags)
      throws ErrnoException {
    try (Client.Scratch scratch = drm.client().scratch()) {
      new DrmSyncobjTimelineWait(
              store(scratch, handles),
              store(scratch, points),
              timeoutNs,
              handles.length,
              flags,
              0,
              0,
              0)
          .write(drm.struct(), 0);
      drm.ioctl(
          "SYNCOBJ_TIMELINE_WAIT",
          DrmIoctl.SYNCOBJ_TIMELINE_WAIT,
          DrmSyncobjTimelineWait.LAYOUT.byteSize());
      return DrmSyncobjTimelineWait.read(drm.struct(), 0).firstSignaled();
    }
  }

  /**
   * Has {@code eventFd} count up once, when the point is reached: {@code drmSyncobjEventfd()}.
   *
   * @param flags {@link DrmSyncobjWait#WAIT_AVAILABLE} or 0
   * @throws ErrnoException ENOENT if the object is none; EBADF, EINVAL for the descriptor
   */
  public void signalEventFd(int handle, long point, int eventFd, int flags) throws ErrnoException {
    new DrmSyncobjEventfd(handle, flags, point, eventFd, 0).write(drm.struct(), 0);
    drm.ioctl("SYNCOBJ_EVENTFD", DrmIoctl.SYNCOBJ_EVENTFD, DrmSyncobjEventfd.LAYOUT.byteSize());
  }

  /**
   * Returns the last point that was reached: {@code drmSyncobjQuery2()}.
   *
   * @param flags {@link DrmSyncobjTimelineArray#LAST_SUBMITTED} or 0
   * @throws ErrnoException ENOENT
   */
  public long query(int handle, int flags) throws ErrnoException {
    try (Client.Scratch scratch = drm.client().scratch()) {
      long points = store(scratch, new long[1]);
      new DrmSyncobjTimelineArray(store(scratch, new int[] {handle}), points, 1, flags)
          .write(drm.struct(), 0);
      drm.ioctl("SYNCOBJ_QUERY", DrmIoctl.SYNCOBJ_QUERY, DrmSyncobjTimelineArray.LAYOUT.byteSize());
      MemorySegment answer = MemorySegment.ofArray(new long[1]);
      drm.client().load(points, answer);
      return answer.get(U64, 0);
    }
  }

  // ---- signalling

  /**
   * Takes the fences out: {@code drmSyncobjReset()}.
   *
   * @throws ErrnoException ENOENT; EINVAL for none
   */
  public void reset(int... handles) throws ErrnoException {
    array("SYNCOBJ_RESET", DrmIoctl.SYNCOBJ_RESET, handles);
  }

  /**
   * Puts fences in that have signalled: {@code drmSyncobjSignal()}.
   *
   * @throws ErrnoException ENOENT; EINVAL for none
   */
  public void signal(int... handles) throws ErrnoException {
    array("SYNCOBJ_SIGNAL", DrmIoctl.SYNCOBJ_SIGNAL, handles);
  }

  private void array(String what, int cmd, int[] handles) throws ErrnoException {
    try (Client.Scratch scratch = drm.client().scratch()) {
      long at = store(scratch, handles);
      new DrmSyncobjArray(at, handles.length, 0).write(drm.struct(), 0);
      drm.ioctl(what, cmd, DrmSyncobjArray.LAYOUT.byteSize());
    }
  }

  /**
   * Puts points in that have signalled: {@code drmSyncobjTimelineSignal()}.
   *
   * @throws ErrnoException ENOENT; EINVAL for none
   */
  public void signalPoints(int[] handles, long[] points) throws ErrnoException {
    try (Client.Scratch scratch = drm.client().scratch()) {
      long handlesAt = store(scratch, handles);
      new DrmSyncobjTimelineArray(handlesAt, store(scratch, points), handles.length, 0)
          .write(drm.struct(), 0);
      drm.ioctl(
          "SYNCOBJ_TIMELINE_SIGNAL",
          DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL,
          DrmSyncobjTimelineArray.LAYOUT.byteSize());
    }
  }

  /**
   * Puts what is in one object into another: {@code drmSyncobjTransfer()}.
   *
   * @param toPoint 0 to replace what is in it
   * @param flags {@link DrmSyncobjWait#WAIT_FOR_SUBMIT} or 0
   * @throws ErrnoException ENOENT; EINVAL if there is no such fence; ETIME after 5 s
   */
  public void transfer(int to, long toPoint, int from, long fromPoint, int flags)
      throws ErrnoException {
    new DrmSyncobjTransfer(from, to, fromPoint, toPoint, flags, 0).write(drm.struct(), 0);
    drm.ioctl("SYNCOBJ_TRANSFER", DrmIoctl.SYNCOBJ_TRANSFER, DrmSyncobjTransfer.LAYOUT.byteSize());
  }

  // ---- descriptors

  /**
   * Makes a descriptor for the object: {@code drmSyncobjHandleToFD()}.
   *
   * @throws ErrnoException EINVAL if the handle stands for nothing; EMFILE
   */
  public int toFd(int handle) throws ErrnoException {
    return handleIoctl(true, new DrmSyncobjHandle(handle, 0, 0, 0, 0)).fd();
  }

  /**
   * Makes a handle for the object behind a descriptor: {@code drmSyncobjFDToHandle()}.
   *
   * @throws ErrnoException EINVAL if the descriptor is of nothing or of something else; ENOMEM
   */
  public int fromFd(int fd) throws ErrnoException {
    return handleIoctl(false, new DrmSyncobjHandle(0, 0, fd, 0, 0)).handle();
  }

  /**
   * Makes a sync file of what is in the object: {@code drmSyncobjExportSyncFile()}.
   *
   * @param point 0 for all of it
   * @throws ErrnoException ENOENT; EINVAL if there is no such fence; EMFILE
   */
  public int exportSyncFile(int handle, long point) throws ErrnoException {
    return handleIoctl(true, syncFile(handle, 0, point)).fd();
  }

  /**
   * Puts the fence of a sync file into the object: {@code drmSyncobjImportSyncFile()}.
   *
   * @param point 0 to replace what is in it
   * @throws ErrnoException EINVAL if the descriptor is of no sync file; ENOENT
   */
  public void importSyncFile(int handle, int fd, long point) throws ErrnoException {
    var _ = handleIoctl(false, syncFile(handle, fd, point));
  }

  private static DrmSyncobjHandle syncFile(int handle, int fd, long point) {
    int timeline = point == 0 ? 0 : DrmSyncobjHandle.TIMELINE;
    return new DrmSyncobjHandle(handle, DrmSyncobjHandle.SYNC_FILE | timeline, fd, 0, point);
  }

  private DrmSyncobjHandle handleIoctl(boolean toFd, DrmSyncobjHandle asked) throws ErrnoException {
    asked.write(drm.struct(), 0);
    drm.ioctl(
        toFd ? "SYNCOBJ_HANDLE_TO_FD" : "SYNCOBJ_FD_TO_HANDLE",
        toFd ? DrmIoctl.SYNCOBJ_HANDLE_TO_FD : DrmIoctl.SYNCOBJ_FD_TO_HANDLE,
        DrmSyncobjHandle.LAYOUT.byteSize());
    return DrmSyncobjHandle.read(drm.struct(), 0);
  }

  // ---- arrays

  private long store(Client.Scratch scratch, int[] values) throws ErrnoException {
    long ptr = scratch.bytes((long) values.length * Integer.BYTES);
    MemorySegment bytes = MemorySegment.ofArray(new int[values.length]);
    for (int i = 0; i < values.length; i++) {
      bytes.setAtIndex(U32, i, values[i]);
    }
    drm.client().store(ptr, bytes);
    return ptr;
  }

  private long store(Client.Scratch scratch, long[] values) throws ErrnoException {
    long ptr = scratch.bytes((long) values.length * Long.BYTES);
    MemorySegment bytes = MemorySegment.ofArray(new long[values.length]);
    for (int i = 0; i < values.length; i++) {
      bytes.setAtIndex(U64, i, values[i]);
    }
    drm.client().store(ptr, bytes);
    return ptr;
  }

  /** The library on a descriptor; the same object each time. */
  public static LibSyncobj of(Descriptor descriptor) {
    return descriptor.library(LibSyncobj.class, open -> new LibSyncobj(LibDrm.of(open)));
  }
}
