package org.smmulator.drm.msm.vm;

/**
 * A place of a buffer in an address space, whoever chose it. Kernel: {@code struct msm_gem_vma}.
 */
public interface VmPlace {
  /** The address space. */
  MsmVm vm();

  /** The first address. */
  long iova();

  /** Returns whether the table has it. */
  boolean isMapped();

  /**
   * Takes it out of the table, and keeps the addresses. The caller holds the locks of the address
   * space and of the buffer. Kernel: {@code msm_gem_vma_unmap()}.
   *
   * @param reason for the log of the address space, such as {@code evict}
   */
  void unmap(String reason);
}
