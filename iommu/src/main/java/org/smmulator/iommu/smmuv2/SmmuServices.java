package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;

/**
 * What the kernel around it gives the driver.
 *
 * @param disableBypass whether unknown streams fault, {@code arm-smmu.disable_bypass}: the default
 *     of the kernel is that they do
 */
public record SmmuServices(
    Iommu iommu,
    IoPgtables pgtables,
    PageAllocator pages,
    Scheduler scheduler,
    Lockdep lockdep,
    boolean disableBypass) {}
