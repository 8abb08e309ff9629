package org.smmulator.iommu.smmuv3;

import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.msi.MsiFrames;
import org.smmulator.kernel.task.Scheduler;

/** What the kernel around it gives the driver. */
public record SmmuV3Services(
    Iommu iommu,
    IoPgtables pgtables,
    PageAllocator pages,
    Dram dram,
    Scheduler scheduler,
    Lockdep lockdep,
    MsiFrames frames) {}
