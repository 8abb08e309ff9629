package org.smmulator.iommu.exynos;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;

/** What the kernel around it gives the driver. */
public record SysmmuServices(
    Iommu iommu, IoPgtables pgtables, PageAllocator pages, Scheduler scheduler, Lockdep lockdep) {}
