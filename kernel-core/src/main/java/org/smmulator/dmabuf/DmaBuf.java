package org.smmulator.dmabuf;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOTTY;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.FileTable.ReservedFd;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.dmabuf.DmaBufSyncFile;

/**
 * A buffer as a file, to hand to another process or device. Kernel: {@code struct dma_buf}.
 *
 * <p>Its references are its file's: descriptors hold it, mappings do, and whoever remembers it.
 *
 * <p>Devices attach to it: {@link DmaBufAttachment}. Left out: importers that let the exporter move
 * the memory under them ({@code dma_buf_dynamic_attach()}), since no driver here is one.
 */
public final class DmaBuf implements FileOperations {
  /** The maker of a buffer. Kernel: {@code struct dma_buf_ops}. */
  public interface Exporter {
    /**
     * The source of its pages.
     *
     * @throws ErrnoException the exporter's
     */
    VmaBacking mmap() throws ErrnoException;

    /**
     * Keeps the memory where it is until {@link #detach}: a device wants to use it. The reservation
     * is not locked. Kernel: {@code dma_buf_ops.attach}, which exporters may lack.
     *
     * @throws ErrnoException the exporter's
     */
    default void attach() throws ErrnoException {}

    default void detach() {}

    /**
     * Has {@code device} see the memory. The reservation is locked. Kernel: {@code
     * dma_buf_ops.map_dma_buf}.
     *
     * @return the pieces, mapped, of whole pages
     * @throws ErrnoException the exporter's
     */
    ScatterList map(Device device, DmaApi dma, DmaDirection direction) throws ErrnoException;

    /** Takes back what {@link #map} gave. */
    void unmap(Device device, DmaApi dma, ScatterList pieces, DmaDirection direction);

    /**
     * Has the CPU see what devices wrote. Kernel: {@code dma_buf_ops.begin_cpu_access}, which
     * exporters may lack.
     */
    default void beginCpuAccess(DmaDirection direction) {}

    /** Has devices see what the CPU wrote. Kernel: {@code dma_buf_ops.end_cpu_access}. */
    default void endCpuAccess(DmaDirection direction) {}

    /** Gives back what the exporter holds for the file: its last reference is gone. */
    void release();
  }

  private static final int SYNC_READ_WRITE = DmaBufSync.READ | DmaBufSync.WRITE;

  private final FenceContexts fences;
  private final long sizeBytes;
  private final Reservation reservation;
  private final Exporter exporter;
  private final String exporterName;
  private final OpenFile file;
  private final Watch readable = new Watch(Usage.toWaitFor(false));
  private final Watch writable = new Watch(Usage.toWaitFor(true));
  private final List<Runnable> listeners = new ArrayList<>(0);
  private @Nullable String name;

  /**
   * Makes a file with one reference. Kernel: {@code dma_buf_export()}.
   *
   * @param exporterName for people
   * @param flags how the file is open: {@link org.smmulator.kernel.fs.OpenFlags}
   */
  public DmaBuf(
      FenceContexts fences,
      long sizeBytes,
      Reservation reservation,
      Exporter exporter,
      String exporterName,
      int flags) {
    this.fences = fences;
    this.sizeBytes = sizeBytes;
    this.reservation = reservation;
    this.exporter = exporter;
    this.exporterName = exporterName;
    this.file = new OpenFile(this, "/dmabuf:", flags);
  }

  /**
   * Takes a reference to the buffer behind the caller's {@code fd}, which the caller gives back.
   * Kernel: {@code dma_buf_get()}.
   *
   * @throws ErrnoException EBADF if {@code fd} is not open; EINVAL if it stands for something else
   */
  public static DmaBuf lookup(Caller caller, int fd) throws ErrnoException {
    if (caller.files().file(fd).operations() instanceof DmaBuf found) {
      return found.get();
    }
    throw EINVAL.because("fd %d is no shared buffer", fd);
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /** The maker of the buffer, which knows its own by it. */
  public Exporter exporter() {
    return exporter;
  }

  /** The fences of the work that uses the buffer. */
  public Reservation reservation() {
    return reservation;
  }

  /**
   * Attaches a device, which may map the buffer then. Kernel: {@code dma_buf_attach()}.
   *
   * @param dma by which the exporter maps for the device
   * @throws ErrnoException the exporter's
   */
  public DmaBufAttachment attach(Device device, DmaApi dma) throws ErrnoException {
    exporter.attach();
    return new DmaBufAttachment(this, device, dma);
  }

  /** Takes a reference. Kernel: {@code get_dma_buf()}. */
  public DmaBuf get() {
    var _ = file.get();
    return this;
  }

  /** Gives a reference back. Kernel: {@code dma_buf_put()}. */
  public void put() {
    file.put();
  }

  /** Lets a reserved descriptor stand for the buffer; the caller's reference moves in. */
  public int install(ReservedFd fd) {
    return fd.install(file);
  }

  @Override
  public void release() {
    readable.forget();
    writable.forget();
    exporter.release();
  }

  /**
   * The pages of the buffer, from its begin whatever the offset: {@code msm_gem_fault()} and its
   * like count from where the mapping begins. Kernel: {@code dma_buf_mmap_internal()}.
   *
   * @throws ErrnoException EINVAL if it is smaller; the exporter's
   */
  @Override
  public VmaBacking mmap(Caller caller, long offset, long length) throws ErrnoException {
    long pages = (length + PageAllocator.PAGE_SIZE - 1) >>> PageAllocator.PAGE_SHIFT;
    long end = (offset >>> PageAllocator.PAGE_SHIFT) + pages;
    if (Long.compareUnsigned(end, sizeBytes >>> PageAllocator.PAGE_SHIFT) > 0) {
      throw EINVAL.because("%d bytes at %#x of %d", length, offset, sizeBytes);
    }
    return exporter.mmap();
  }

  // ---- ioctls

  /**
   * Begins or ends CPU access, names the buffer, or moves fences.
   *
   * @throws ErrnoException ENOTTY for another command; EFAULT; what each says
   */
  @Override
  public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    if (cmd == DmaBufIoctl.SYNC) {
      sync(caller, userPtr);
    } else if (cmd == DmaBufIoctl.SET_NAME_A || cmd == DmaBufIoctl.SET_NAME_B) {
      setName(caller, userPtr);
    } else if (cmd == DmaBufIoctl.EXPORT_SYNC_FILE) {
      exportSyncFile(caller, userPtr);
    } else if (cmd == DmaBufIoctl.IMPORT_SYNC_FILE) {
      importSyncFile(caller, userPtr);
    } else {
      throw ENOTTY.because("ioctl %#x on a shared buffer", cmd);
    }
    return 0;
  }

  /**
   * EFAULT; EINVAL for unknown flags, and neither read nor write; ERESTARTSYS. Both are the
   * exporter's; to begin also waits for the work of devices. Kernel: {@code
   * dma_buf_begin_cpu_access()}, {@code dma_buf_end_cpu_access()}.
   */
  private void sync(Caller caller, long userPtr) throws ErrnoException {
    long flags = DmaBufSync.read(copyIn(caller, userPtr, DmaBufSync.LAYOUT.byteSize()), 0).flags();
    boolean known = (flags & ~(SYNC_READ_WRITE | DmaBufSync.END)) == 0;
    if (!known || (flags & SYNC_READ_WRITE) == 0) {
      throw EINVAL.because("flags %#x", flags);
    }
    DmaDirection direction =
        switch ((int) flags & SYNC_READ_WRITE) {
          case DmaBufSync.READ -> DmaDirection.FROM_DEVICE;
          case DmaBufSync.WRITE -> DmaDirection.TO_DEVICE;
          default -> DmaDirection.BIDIRECTIONAL;
        };
    if ((flags & DmaBufSync.END) != 0) {
      exporter.endCpuAccess(direction);
    } else {
      exporter.beginCpuAccess(direction); // before the wait, as in the kernel
      Usage level = Usage.toWaitFor((flags & DmaBufSync.WRITE) != 0);
      WaitResult result = reservation.awaitInterruptible(level, WaitQueue.FOREVER);
      if (result == WaitResult.INTERRUPTED) {
        throw ERESTARTSYS.because("killed while devices use the buffer");
      }
    }
  }

  /** EFAULT; EINVAL for more than 31 bytes. Kernel: {@code dma_buf_set_name()}. */
  private void setName(Caller caller, long userPtr) throws ErrnoException {
    String text = caller.memory().string(userPtr, DmaBufIoctl.NAME_BYTES);
    if (text.length() >= DmaBufIoctl.NAME_BYTES) {
      throw EINVAL.because("a name of more than %d bytes", DmaBufIoctl.NAME_BYTES - 1);
    }
    name = text;
  }

  private DmaBufSyncFile syncFileArg(Caller caller, long userPtr) throws ErrnoException {
    DmaBufSyncFile asked =
        DmaBufSyncFile.read(copyIn(caller, userPtr, DmaBufSyncFile.LAYOUT.byteSize()), 0);
    if ((asked.flags() & ~SYNC_READ_WRITE) != 0 || asked.flags() == 0) {
      throw EINVAL.because("flags %#x", asked.flags());
    }
    return asked;
  }

  /** EFAULT; EINVAL for flags; EMFILE. Kernel: {@code dma_buf_export_sync_file()}. */
  private void exportSyncFile(Caller caller, long userPtr) throws ErrnoException {
    DmaBufSyncFile asked = syncFileArg(caller, userPtr);
    ReservedFd fd = caller.files().reserve();
    Fence fence = reservation.singleton(Usage.toWaitFor(isWrite(asked)));
    if (fence == null) {
      fence = fences.stub();
    }
    try {
      // The number is known when it is installed; that it can be told has to be known before.
      copyOut(caller, userPtr, asked);
    } catch (ErrnoException e) {
      fd.put();
      throw e;
    }
    copyOut(caller, userPtr, new DmaBufSyncFile(asked.flags(), fd.install(SyncFile.open(fence))));
  }

  /**
   * EFAULT; EINVAL for flags, and for a descriptor of something else. Kernel: {@code
   * dma_buf_import_sync_file()}.
   */
  private void importSyncFile(Caller caller, long userPtr) throws ErrnoException {
    DmaBufSyncFile asked = syncFileArg(caller, userPtr);
    Fence fence = SyncFile.fenceOf(caller, asked.fd());
    Usage usage = isWrite(asked) ? Usage.WRITE : Usage.READ;
    List<Fence> fences = new ArrayList<>();
    FenceUnwrap.forEach(fence, fences::add);
    try (var _ = reservation.lockAlone()) {
      reservation.reserve(fences.size());
      fences.forEach(each -> reservation.add(each, usage));
    }
  }

  private static boolean isWrite(DmaBufSyncFile asked) {
    return (asked.flags() & DmaBufSync.WRITE) != 0;
  }

  private static MemorySegment copyIn(Caller caller, long userPtr, long bytes)
      throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[(int) (bytes / Long.BYTES)]);
    caller.memory().copyFrom(userPtr, copy, 0, bytes);
    return copy;
  }

  private static void copyOut(Caller caller, long userPtr, DmaBufSyncFile told)
      throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[1]);
    told.write(copy, 0);
    caller.memory().copyTo(userPtr, copy, 0, copy.byteSize());
  }

  // ---- poll

  /** A level of fences that pollers wait for. Kernel: {@code struct dma_buf_poll_cb_t}. */
  private final class Watch {
    private final Usage level;
    private final Runnable callback = this::signaled;
    private @Nullable Fence watched;

    Watch(Usage level) {
      this.level = level;
    }

    void arm() {
      for (Fence fence : watched == null ? reservation.pending(level) : List.<Fence>of()) {
        if (fence.addCallback(callback)) {
          watched = fence;
          return;
        }
      }
    }

    private void signaled() {
      watched = null;
      if (!listeners.isEmpty()) {
        arm();
        List.copyOf(listeners).forEach(Runnable::run);
      }
    }

    void forget() {
      if (watched != null) {
        watched.removeCallback(callback);
      }
    }
  }

  /** Readable when no device writes, writable when none uses it. Kernel: {@code dma_buf_poll()}. */
  @Override
  public int poll() {
    return (reservation.isSignaled(readable.level) ? POLLIN : 0)
        | (reservation.isSignaled(writable.level) ? POLLOUT : 0);
  }

  @Override
  public void addPollListener(Runnable listener) {
    listeners.add(listener);
    readable.arm();
    writable.arm();
  }

  @Override
  public void removePollListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** Kernel: {@code dma_buf_show_fdinfo()}. */
  @Override
  public String fdinfo() {
    return String.format(
        Locale.ROOT,
        "size:\t%d\ncount:\t%d\nexp_name:\t%s\n%s",
        sizeBytes,
        file.references(),
        exporterName,
        name == null ? "" : "name:\t" + name + "\n");
  }
}
