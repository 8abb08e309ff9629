package org.smmulator.iommu.qcom;

import org.smmulator.hw.bus.SecureMonitor;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;

/**
 * What the kernel around it gives the driver.
 *
 * @param firmware who gives secure banks away
 */
public record QcomIommuServices(
    Iommu iommu,
    IoPgtables pgtables,
    PageAllocator pages,
    Scheduler scheduler,
    Lockdep lockdep,
    SecureMonitor firmware) {}
