package org.smmulator.drm.msm.vm;

import org.smmulator.drm.mm.MmNode;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/**
 * Memory of the driver's own that the GPU sees: ring, memptrs. Kernel: {@code
 * msm_gem_kernel_new()}.
 */
public final class KernelBuffer {
  private final PageAllocator allocator;
  private final PageOwner owner;
  private final MsmVm vm;
  private final MmNode node = new MmNode();
  private final long pa;
  private final long sizeBytes;

  /**
   * Allocates and maps.
   *
   * @param prot what the GPU may do with it: bits of {@link IommuProt}
   * @throws ErrnoException ENOMEM, ENOSPC; nothing is left behind then
   */
  public KernelBuffer(
      PageAllocator allocator, PageOwner owner, MsmVm vm, long wantedBytes, int prot)
      throws ErrnoException {
    this.allocator = allocator;
    this.vm = vm;
    this.owner = owner;
    this.sizeBytes = wantedBytes + PageAllocator.PAGE_SIZE - 1 & -PageAllocator.PAGE_SIZE;
    this.pa = allocator.allocRun(pages(), owner);
    try {
      vm.allocate(node, sizeBytes);
      vm.mmu().map(node.start(), pa, sizeBytes, prot);
    } catch (ErrnoException e) {
      if (node.isAllocated()) {
        vm.free(node);
      }
      allocator.freeRun(pa, pages(), owner);
      throw e;
    }
  }

  private long pages() {
    return sizeBytes >>> PageAllocator.PAGE_SHIFT;
  }

  /** The physical address. */
  public long pa() {
    return pa;
  }

  /** The GPU's address, in the 49-bit form of the kernel's address space. */
  public long iova() {
    return node.start();
  }

  /** Unmaps and frees. */
  public void free() {
    vm.mmu().unmap(node.start(), sizeBytes);
    vm.free(node);
    allocator.freeRun(pa, pages(), owner);
  }
}
