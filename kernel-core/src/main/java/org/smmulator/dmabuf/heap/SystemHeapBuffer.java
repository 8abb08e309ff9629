package org.smmulator.dmabuf.heap;

import static org.smmulator.kernel.errno.Errno.EFAULT;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.Task;

/**
 * A buffer of the system heap: pages that the CPU reaches through its caches, and every device that
 * maps them. Kernel: {@code struct system_heap_buffer}. Its pages are single ones, where the kernel
 * takes larger blocks first.
 */
final class SystemHeapBuffer implements DmaBuf.Exporter, VmaBacking {
  /** A device that sees the memory now. */
  private record Mapping(Device device, DmaApi dma, ScatterList pieces) {}

  private final PageAllocator allocator;
  private final PageOwner owner;
  private final long[] pas;
  private final List<Mapping> mappings = new ArrayList<>();

  /**
   * Allocates the pages, zeroed. Kernel: {@code system_heap_allocate()}.
   *
   * @throws ErrnoException ENOMEM; nothing is allocated then
   */
  SystemHeapBuffer(KernelServices kernel, Task maker, long sizeBytes) throws ErrnoException {
    this.allocator = kernel.pages();
    this.owner = allocator.owner(Holder.of(maker), "heap buffers", PageZone.CLIENT);
    this.pas = new long[(int) (sizeBytes >>> PageAllocator.PAGE_SHIFT)];
    for (int i = 0; i < pas.length; i++) {
      try {
        pas[i] = allocator.alloc(0, owner);
      } catch (ErrnoException e) {
        free(i);
        throw e;
      }
    }
  }

  private void free(int count) {
    for (int i = 0; i < count; i++) {
      allocator.free(pas[i], 0, owner);
    }
  }

  // ---- for devices

  /** {@inheritDoc} Kernel: {@code system_heap_map_dma_buf()}. */
  @Override
  public ScatterList map(Device device, DmaApi dma, DmaDirection direction) throws ErrnoException {
    ScatterList pieces = new ScatterList();
    for (long pa : pas) {
      pieces.add(pa, PageAllocator.PAGE_SIZE);
    }
    dma.mapSgtable(device, pieces, direction);
    mappings.add(new Mapping(device, dma, pieces));
    return pieces;
  }

  /** {@inheritDoc} Kernel: {@code system_heap_unmap_dma_buf()}. */
  @Override
  @SuppressWarnings("ReferenceEquality") // a list of pieces has an identity
  public void unmap(Device device, DmaApi dma, ScatterList pieces, DmaDirection direction) {
    mappings.removeIf(mapping -> mapping.pieces() == pieces);
    dma.unmapSg(device, pieces, direction);
  }

  /** {@inheritDoc} Kernel: {@code system_heap_dma_buf_begin_cpu_access()}. */
  @Override
  public void beginCpuAccess(DmaDirection direction) {
    mappings.forEach(
        mapping -> mapping.dma().syncSgForCpu(mapping.device(), mapping.pieces(), direction));
  }

  /** {@inheritDoc} Kernel: {@code system_heap_dma_buf_end_cpu_access()}. */
  @Override
  public void endCpuAccess(DmaDirection direction) {
    mappings.forEach(
        mapping -> mapping.dma().syncSgForDevice(mapping.device(), mapping.pieces(), direction));
  }

  @Override
  public void release() {
    free(pas.length);
  }

  // ---- for processes

  @Override
  public VmaBacking mmap() {
    return this;
  }

  @Override
  public long fault(long offset) throws ErrnoException {
    long page = offset >>> PageAllocator.PAGE_SHIFT;
    if (page >= pas.length) {
      throw EFAULT.because("offset %#x is behind the buffer", offset);
    }
    return pas[(int) page];
  }

  /** A mapping holds the buffer's file, which holds this. */
  @Override
  public void opened(AddressSpace mm) {}

  @Override
  public void closed(AddressSpace mm) {}

  @Override
  public boolean isSharedWithDevices() {
    return true;
  }

  @Override
  public boolean isCached() {
    return true;
  }

  @Override
  public VmaBacking forked() {
    return this;
  }
}
