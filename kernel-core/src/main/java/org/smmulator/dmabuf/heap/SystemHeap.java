package org.smmulator.dmabuf.heap;

import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.fs.OpenFlags.O_ACCMODE;
import static org.smmulator.kernel.fs.OpenFlags.O_CLOEXEC;

import java.lang.foreign.MemorySegment;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.uapi.dmabuf.DmaHeapAllocation;
import org.smmulator.uapi.dmabuf.DmaHeapIoctl;

/**
 * The heap that makes shared buffers of ordinary pages, for no device in particular: {@code
 * /dev/dma_heap/system}. Whoever imports such a buffer has a foreign one.
 *
 * <p>Kernel: {@code drivers/dma-buf/dma-heap.c}, {@code drivers/dma-buf/heaps/system_heap.c}. The
 * node is everybody's, as a seat's rules of udev have it.
 */
public final class SystemHeap implements FileOperations {
  private static final String NODE = "/dev/dma_heap/system";
  private static final int MODE = 0666;

  /** The first of the majors that the kernel gives out: the heaps' is dynamic. */
  private static final int MAJOR = 511;

  private static final int NUMBER_MASK = 0xff;

  private final KernelServices kernel;
  private final FenceContexts fences;
  private final ReservationClass reservations;

  private SystemHeap(KernelServices kernel, FenceContexts fences, ReservationClass reservations) {
    this.kernel = kernel;
    this.fences = fences;
    this.reservations = reservations;
  }

  /** Adds the heap's node. Kernel: {@code dma_heap_add()}. */
  public static void addTo(
      KernelServices kernel, FenceContexts fences, ReservationClass reservations) {
    SystemHeap heap = new SystemHeap(kernel, fences, reservations);
    kernel.nodes().add(NODE, new Node.DeviceFile(MODE, MAJOR, 0, (caller, flags) -> heap));
  }

  /** {@inheritDoc} EINVAL for another number. Kernel: {@code dma_heap_ioctl()}. */
  @Override
  public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    if ((cmd & NUMBER_MASK) != (DmaHeapIoctl.ALLOC & NUMBER_MASK)) {
      throw EINVAL.because("ioctl %#x", cmd);
    }
    MemorySegment argument = MemorySegment.ofArray(new long[3]);
    caller.memory().copyFrom(userPtr, argument, 0, argument.byteSize());
    DmaHeapAllocation asked = DmaHeapAllocation.read(argument, 0);
    if (asked.fd() != 0
        || (asked.fdFlags() & ~(O_CLOEXEC | O_ACCMODE)) != 0
        || asked.heapFlags() != 0) {
      throw EINVAL.because(
          "fd %d, flags %#x and %#x", asked.fd(), asked.fdFlags(), asked.heapFlags());
    }
    int fd = allocate(caller, asked.len(), asked.fdFlags());
    new DmaHeapAllocation(asked.len(), fd, asked.fdFlags(), 0).write(argument, 0);
    try {
      caller.memory().copyTo(userPtr, argument, 0, argument.byteSize());
    } catch (ErrnoException e) {
      throw EFAULT.because("fd %d stays open: %s", fd, e.reason()); // as in the kernel
    }
    return 0;
  }

  /** Kernel: {@code dma_heap_buffer_alloc()}. */
  private int allocate(Caller caller, long wantedBytes, int fdFlags) throws ErrnoException {
    long sizeBytes = wantedBytes + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE;
    if (sizeBytes == 0) {
      throw EINVAL.because("a buffer of %d bytes", wantedBytes);
    }
    if (sizeBytes < 0 || sizeBytes >>> PageAllocator.PAGE_SHIFT > kernel.pages().capacityPages()) {
      throw ENOMEM.because("a buffer of %d bytes", wantedBytes);
    }
    DmaBuf made =
        new DmaBuf(
            fences,
            sizeBytes,
            reservations.reservation(),
            new SystemHeapBuffer(kernel, caller.task(), sizeBytes),
            "system",
            fdFlags & O_ACCMODE);
    try {
      FileTable.ReservedFd fd = caller.files().reserve();
      return made.install(fd);
    } catch (ErrnoException e) {
      made.put();
      throw e;
    }
  }
}
