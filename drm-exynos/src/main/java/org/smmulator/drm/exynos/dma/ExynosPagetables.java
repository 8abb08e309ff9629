package org.smmulator.drm.exynos.dma;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.KernelServices;

/** The table that the engines walk for a file: the switch {@code exynos.pagetables}. */
public sealed interface ExynosPagetables {
  /** The IOMMU core, address spaces for tasks, and locks. */
  record Services(Iommu iommu, IommuTasks tasks, KernelServices kernel) {}

  /** Returns whether each list of commands needs pages of its own, so that files can be apart. */
  boolean keepsListsApart();

  /** Makes the engines' turns of one DRM device. */
  EngineTurns turns(Services services);

  /**
   * {@code shared}: every job of every file sees the one address space of all engines. Linux does
   * so.
   */
  record Shared() implements ExynosPagetables {
    @Override
    public boolean keepsListsApart() {
      return false;
    }

    @Override
    public EngineTurns turns(Services services) {
      return new EngineTurns() {};
    }
  }

  /**
   * {@code bind-task}: each file has a table of its own, a token of {@link IommuTasks}, in which
   * its buffers lie at the addresses that they have for all engines. When the engines turn to
   * another file, its table is loaded on the sysmmus of all of them before one starts. Scan-out
   * stays in the shared address space. Reding's and Deacon's process separation of 2014, driven by
   * the DRM driver.
   */
  record BindTask() implements ExynosPagetables {
    @Override
    public boolean keepsListsApart() {
      return true;
    }

    @Override
    public EngineTurns turns(Services services) {
      return new BindTaskTurns(services);
    }
  }
}
