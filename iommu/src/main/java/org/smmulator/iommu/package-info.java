/**
 * The IOMMU core: address spaces for devices, and what the core asks of an IOMMU's driver.
 *
 * <p>Start at {@link org.smmulator.iommu.IommuDomain}, then read {@link org.smmulator.iommu.Iommu},
 * what everyone calls, and {@link org.smmulator.iommu.IommuOps}, what a driver implements. A DRM
 * driver that wants an address space for each file comes in by {@link
 * org.smmulator.iommu.task.IommuTasks#bindTask}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/iommu/iommu.c}</td><td>{@link org.smmulator.iommu.Iommu}, {@link
 *       org.smmulator.iommu.IommuGroup}, {@link org.smmulator.iommu.PageSizes}; its PASID half in
 *       {@link org.smmulator.iommu.IommuPasids}</td></tr>
 *   <tr><td>{@code iommu_bus_notifier()}; {@code of_iommu_configure()}</td><td>{@link
 *       org.smmulator.iommu.IommuBus}; {@code IommuProbe}</td></tr>
 *   <tr><td>{@code struct iommu_domain}, {@code struct iommu_domain_ops}</td><td>{@link
 *       org.smmulator.iommu.IommuDomain}</td></tr>
 *   <tr><td>{@code struct iommu_ops}</td><td>{@link org.smmulator.iommu.IommuOps}</td></tr>
 *   <tr><td>{@code struct iommu_device}, {@code struct iommu_fwspec}</td><td>{@link
 *       org.smmulator.iommu.IommuDevice}, {@link org.smmulator.iommu.IommuFwspec}</td></tr>
 *   <tr><td>{@code iommu_bind_task()} (2017)</td><td>{@link
 *       org.smmulator.iommu.task.IommuTasks}</td></tr>
 *   <tr><td>{@code include/trace/events/iommu.h}</td><td>{@link
 *       org.smmulator.iommu.IommuEvents}</td></tr>
 * </table>
 *
 * <p>Where people disagreed, {@link org.smmulator.iommu.IommuDesign} holds one interface for each
 * question, with its answers nested: {@link org.smmulator.iommu.MapSplit}, {@link
 * org.smmulator.iommu.PageSizePolicy}, {@link org.smmulator.iommu.GroupPolicy}, {@link
 * org.smmulator.iommu.DriverDomain}, and {@link org.smmulator.kernel.device.ArchDmaSetup}, which is
 * the architecture's and is handed {@link org.smmulator.kernel.device.IommuMapping}.
 *
 * <p>Page requests of devices are in {@link org.smmulator.iommu.iopf}, tables shared with processes
 * in {@link org.smmulator.iommu.sva}, files about groups in {@link org.smmulator.iommu.nodes}.
 *
 * <p>Left out, and why: deferred attach (it exists for kdump), PLATFORM and NESTED domains (there
 * are no guests).
 *
 * <p>Threads: attach and detach hold the group's lock. Map and unmap take none, as in the kernel:
 * the caller keeps two of them from meeting in one range. Faults are reported from interrupt
 * handlers; all else comes from contexts that may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu;

import org.jspecify.annotations.NullMarked;
