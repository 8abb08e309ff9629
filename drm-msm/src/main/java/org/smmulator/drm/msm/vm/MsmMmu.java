package org.smmulator.drm.msm.vm;

import org.smmulator.kernel.errno.ErrnoException;

/** A pagetable of the GPU. Kernel: {@code struct msm_mmu}. */
public interface MsmMmu {
  /**
   * Maps memory. All or nothing.
   *
   * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}
   * @throws ErrnoException EINVAL whatever the IOMMU says, as in the kernel
   */
  void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException;

  /** Unmaps, and returns when the GPU cannot reach the memory any more. */
  void unmap(long iova, long sizeBytes);

  /** The physical address of the table's root. */
  long pagetableBase();

  /** Tears the table down. */
  void destroy();
}
