package org.smmulator.drm.msm.vm;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

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

  /**
   * Sets pages of tables aside, as many as a map of the range can need.
   *
   * @return what gives back those that were not needed
   * @throws ErrnoException ENOMEM, or why the IOMMU refuses the range
   */
  default IommuTask.Preallocation preallocate(long iova, long sizeBytes) throws ErrnoException {
    throw new UnsupportedOperationException("nobody binds into the kernel's table");
  }

  /** Notes that {@code task} uses the table: it may have outlived the task that made it. */
  default void usedBy(Task task) throws ErrnoException {}

  /** The physical address of the table's root. */
  long pagetableBase();

  /** TTBR0 with this table: its base, and the ASID of the GPU's context bank in bits 63:48. */
  default long ttbr0() {
    return pagetableBase();
  }

  /**
   * The descriptors that a walk for {@code iova} finds, from the root down. Kernel: {@code
   * msm_iommu_pagetable_walk()}.
   */
  ImmutableList<Long> descriptors(long iova);

  /** Tears the table down. */
  void destroy();
}
