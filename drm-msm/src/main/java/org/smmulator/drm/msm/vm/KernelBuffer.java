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
  /** Flags of {@code msm_gem.h} that clients do not give. */
  private static final int GPU_READONLY = 0x2;

  private static final int WC = 0x20000;
  private static final int MAP_PRIV = 0x20000000;

  private final String name;
  private final int prot;
  private final PageAllocator allocator;
  private final PageOwner owner;
  private final MsmVm vm;
  private final MmNode node = new MmNode();
  private final long pa;
  private final long sizeBytes;

  /**
   * Allocates and maps.
   *
   * @param name by which debugfs lists it
   * @param prot what the GPU may do with it: bits of {@link IommuProt}
   * @throws ErrnoException ENOMEM, ENOSPC; nothing is left behind then
   */
  public KernelBuffer(
      String name, PageAllocator allocator, PageOwner owner, MsmVm vm, long wantedBytes, int prot)
      throws ErrnoException {
    this.name = name;
    this.prot = prot;
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

  public String name() {
    return name;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /** The flags that such a buffer has in Linux. */
  public int flags() {
    return WC
        | ((prot & IommuProt.WRITE) == 0 ? GPU_READONLY : 0)
        | ((prot & IommuProt.PRIV) != 0 ? MAP_PRIV : 0);
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
