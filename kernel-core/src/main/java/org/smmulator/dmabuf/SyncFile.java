package org.smmulator.dmabuf;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOTTY;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.FileTable.ReservedFd;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.uapi.dmabuf.SyncFenceInfo;
import org.smmulator.uapi.dmabuf.SyncFileInfo;
import org.smmulator.uapi.dmabuf.SyncIoctl;
import org.smmulator.uapi.dmabuf.SyncMergeData;
import org.smmulator.uapi.dmabuf.SyncSetDeadline;

/**
 * A fence as a file descriptor: readable once the fence has signalled. Kernel: {@code struct
 * sync_file}.
 */
public final class SyncFile implements FileOperations {
  private final Fence fence;
  private final String userName;
  private final List<Runnable> listeners = new ArrayList<>(1);
  private final Runnable callback = this::tellListeners;
  private boolean polled;

  private SyncFile(Fence fence, String userName) {
    this.fence = fence;
    this.userName = userName;
  }

  /** Makes an open file for {@code fence}. Kernel: {@code sync_file_create()}. */
  public static OpenFile open(Fence fence) {
    return open(new SyncFile(fence, ""));
  }

  private static OpenFile open(SyncFile made) {
    return new OpenFile(made, "anon_inode:sync_file");
  }

  /**
   * The fence behind the caller's {@code fd}. Kernel: {@code sync_file_get_fence()}.
   *
   * @throws ErrnoException EINVAL if {@code fd} is not open or stands for something else
   */
  public static Fence fenceOf(Caller caller, int fd) throws ErrnoException {
    OpenFile file;
    try {
      file = caller.files().file(fd);
    } catch (ErrnoException notOpen) {
      throw EINVAL.because("%s", notOpen.reason());
    }
    if (!(file.operations() instanceof SyncFile sync)) {
      throw EINVAL.because("fd %d is no sync file", fd);
    }
    return sync.fence;
  }

  // ---- ioctls

  /**
   * Merges, tells, or passes a deadline on.
   *
   * @throws ErrnoException ENOTTY for another command; EFAULT; what each says
   */
  @Override
  public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    if (cmd == SyncIoctl.MERGE) {
      merge(caller, userPtr);
    } else if (cmd == SyncIoctl.FILE_INFO) {
      fileInfo(caller, userPtr);
    } else if (cmd == SyncIoctl.SET_DEADLINE) {
      setDeadline(caller, userPtr);
    } else {
      throw ENOTTY.because("ioctl %#x on a sync file", cmd);
    }
    return 0;
  }

  /**
   * EMFILE, EFAULT, EINVAL for flags and padding, ENOENT for what is no sync file. Kernel: {@code
   * sync_file_ioctl_merge()}.
   */
  private void merge(Caller caller, long userPtr) throws ErrnoException {
    ReservedFd fd = caller.files().reserve();
    SyncMergeData asked;
    OpenFile merged;
    try {
      asked = SyncMergeData.read(copyIn(caller, userPtr, SyncMergeData.LAYOUT.byteSize()), 0);
      if (asked.flags() != 0 || asked.pad() != 0) {
        throw EINVAL.because("flags %#x, pad %#x", asked.flags(), asked.pad());
      }
      merged = open(new SyncFile(mergedWith(caller, asked.fd2()), asked.name()));
      // The number is known when it is installed; that it can be told has to be known before.
      copyOut(caller, userPtr, SyncMergeData.LAYOUT.byteSize(), asked::write);
    } catch (ErrnoException e) {
      fd.put();
      throw e;
    }
    SyncMergeData told =
        new SyncMergeData(
            asked.name(), asked.fd2(), fd.install(merged), asked.flags(), asked.pad());
    copyOut(caller, userPtr, SyncMergeData.LAYOUT.byteSize(), told::write);
  }

  private Fence mergedWith(Caller caller, int fd) throws ErrnoException {
    Fence other;
    try {
      other = fenceOf(caller, fd);
    } catch (ErrnoException none) {
      throw ENOENT.because("%s", none.reason());
    }
    return FenceUnwrap.merge(fence.contexts(), ImmutableList.of(fence, other));
  }

  /**
   * EFAULT; EINVAL for flags and padding, and for too little room for the fences. Kernel: {@code
   * sync_file_ioctl_fence_info()}.
   */
  private void fileInfo(Caller caller, long userPtr) throws ErrnoException {
    SyncFileInfo asked =
        SyncFileInfo.read(copyIn(caller, userPtr, SyncFileInfo.LAYOUT.byteSize()), 0);
    if (asked.flags() != 0 || asked.pad() != 0) {
      throw EINVAL.because("flags %#x, pad %#x", asked.flags(), asked.pad());
    }
    List<SyncFenceInfo> fences = new ArrayList<>();
    FenceUnwrap.forEach(fence, each -> fences.add(info(each)));
    int status = status(fence);
    if (asked.numFences() != 0) {
      if (Integer.compareUnsigned(asked.numFences(), fences.size()) < 0) {
        throw EINVAL.because("room for %d of %d fences", asked.numFences(), fences.size());
      }
      copyOutAll(caller, asked.syncFenceInfo(), fences);
      status = firstNotOk(fences);
    }
    SyncFileInfo told =
        new SyncFileInfo(
            name(), status, asked.flags(), fences.size(), asked.pad(), asked.syncFenceInfo());
    copyOut(caller, userPtr, SyncFileInfo.LAYOUT.byteSize(), told::write);
  }

  private static int firstNotOk(List<SyncFenceInfo> fences) {
    return fences.stream()
        .mapToInt(SyncFenceInfo::status)
        .filter(s -> s <= 0)
        .findFirst()
        .orElse(1);
  }

  private static void copyOutAll(Caller caller, long userPtr, List<SyncFenceInfo> fences)
      throws ErrnoException {
    long each = SyncFenceInfo.LAYOUT.byteSize();
    MemorySegment all = MemorySegment.ofArray(new long[(int) (fences.size() * each / Long.BYTES)]);
    for (int i = 0; i < fences.size(); i++) {
      fences.get(i).write(all, i * each);
    }
    caller.memory().copyTo(userPtr, all, 0, all.byteSize());
  }

  /** Kernel: {@code sync_fill_fence_info()}. */
  private static SyncFenceInfo info(Fence each) {
    int status = status(each);
    long signaledNs = status == 0 ? 0 : each.timestampNs() + each.contexts().clock().epochNs();
    return new SyncFenceInfo(each.timelineName(), each.driverName(), status, 0, signaledNs);
  }

  /** Kernel: {@code dma_fence_get_status()}. */
  private static int status(Fence fence) {
    if (!fence.isSignaled()) {
      return 0;
    }
    Errno error = fence.error();
    return error == null ? 1 : -error.number();
  }

  /** Kernel: {@code sync_file_get_name()}. */
  private String name() {
    return userName.isEmpty()
        ? String.format(
            Locale.ROOT,
            "%s-%s%s-%d",
            fence.driverName(),
            fence.timelineName(),
            Long.toUnsignedString(fence.context()),
            fence.seqno())
        : userName;
  }

  /** EFAULT; EINVAL for padding. Kernel: {@code sync_file_ioctl_set_deadline()}. */
  private void setDeadline(Caller caller, long userPtr) throws ErrnoException {
    SyncSetDeadline asked =
        SyncSetDeadline.read(copyIn(caller, userPtr, SyncSetDeadline.LAYOUT.byteSize()), 0);
    if (asked.pad() != 0) {
      throw EINVAL.because("pad %#x", asked.pad());
    }
    fence.setDeadline(fence.contexts().clock().deadlineNs(asked.deadlineNs()));
  }

  private interface Writer {
    void write(MemorySegment memory, long at);
  }

  private static MemorySegment copyIn(Caller caller, long userPtr, long sizeBytes)
      throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[(int) (sizeBytes / Long.BYTES)]);
    caller.memory().copyFrom(userPtr, copy, 0, sizeBytes);
    return copy;
  }

  private static void copyOut(Caller caller, long userPtr, long sizeBytes, Writer struct)
      throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[(int) (sizeBytes / Long.BYTES)]);
    struct.write(copy, 0);
    caller.memory().copyTo(userPtr, copy, 0, sizeBytes);
  }

  // ---- poll

  /** True as soon as the fence has signalled, whether it failed or not. */
  @Override
  public int poll() {
    return fence.isSignaled() ? POLLIN : 0;
  }

  @Override
  public void addPollListener(Runnable listener) {
    listeners.add(listener);
    if (!polled) {
      polled = true;
      var _ = fence.addCallback(callback);
    }
  }

  @Override
  public void removePollListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tellListeners() {
    List.copyOf(listeners).forEach(Runnable::run);
  }

  @Override
  public void release() {
    fence.removeCallback(callback);
  }
}
