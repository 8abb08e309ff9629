package org.smmulator.iommu.dma;

import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Workqueue;

/**
 * Services of the machine for allocators of iovas.
 *
 * @param worker who flushes for queues
 * @param cpus how many CPUs have caches of iovas
 * @param faults makes allocations fail on purpose
 */
record DmaServices(Scheduler scheduler, Workqueue worker, int cpus, FaultInjector faults) {}
