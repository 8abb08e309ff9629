package org.smmulator.drm.msm.vm;

import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.mm.MmNode;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A buffer's place in one address space, which it keeps alive. Kernel: {@code struct msm_gem_vma}.
 */
public final class MsmVma implements VmPlace {
  private final MsmVm vm;
  private final MmNode node = new MmNode();
  private final long sizeBytes;
  private boolean mapped;

  private MsmVma(MsmVm vm, long sizeBytes) {
    this.vm = vm;
    this.sizeBytes = sizeBytes;
  }

  /** Takes any addresses. */
  public static MsmVma anywhere(MsmVm vm, long sizeBytes) throws ErrnoException {
    MsmVma made = new MsmVma(vm, sizeBytes);
    vm.allocate(made.node, sizeBytes);
    var _ = vm.get();
    return made;
  }

  /** Takes the addresses from {@code iova} on. */
  public static MsmVma at(MsmVm vm, long iova, long sizeBytes) throws ErrnoException {
    MsmVma made = new MsmVma(vm, sizeBytes);
    vm.allocateAt(made.node, iova, sizeBytes);
    var _ = vm.get();
    return made;
  }

  @Override
  public MsmVm vm() {
    return vm;
  }

  @Override
  public long iova() {
    return node.start();
  }

  @Override
  public boolean isMapped() {
    return mapped;
  }

  /** Maps all of {@code pages}, or nothing. */
  public void map(GemPages pages, int prot) throws ErrnoException {
    if (mapped) {
      return;
    }
    long[] done = {0};
    try {
      pages.forEachRun((offset, pa, bytes) -> {
        vm.mmu().map(iova() + offset, pa, bytes, prot);
        done[0] = offset + bytes;
      });
    } catch (ErrnoException e) {
      if (done[0] > 0) {
        vm.mmu().unmap(iova(), done[0]);
      }
      throw e;
    }
    mapped = true;
  }

  @Override
  public void unmap(String reason) {
    if (mapped) {
      vm.mmu().unmap(iova(), sizeBytes);
      mapped = false;
    }
  }

  /** Unmaps, and gives the addresses back. */
  public void close() {
    unmap("close");
    vm.free(node);
    vm.put();
  }
}
