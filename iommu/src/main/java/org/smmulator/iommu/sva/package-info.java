/**
 * A device in the address space of a process: it walks the process's own table, under a PASID.
 *
 * <p>Start at {@link org.smmulator.iommu.sva.Sva}; {@link org.smmulator.iommu.sva.ProcessFaults}
 * brings the pages that a device finds missing.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code iommu_sva_bind_device()}, {@code iommu_sva_unbind_device()}</td><td>{@link
 *       org.smmulator.iommu.sva.Sva}</td></tr>
 *   <tr><td>{@code struct iommu_sva}</td><td>{@link org.smmulator.iommu.sva.SvaHandle}</td></tr>
 *   <tr><td>{@code struct iommu_mm_data}</td><td>{@code SharedMm}</td></tr>
 *   <tr><td>{@code iommu_sva_handle_iopf()}</td><td>{@link
 *       org.smmulator.iommu.sva.ProcessFaults}</td></tr>
 *   <tr><td>{@code iommu_alloc_global_pasid()}</td><td>{@link
 *       org.smmulator.iommu.sva.GlobalPasids}, for tables of a task's own too</td></tr>
 *   <tr><td>{@code iommu_bind_task()} of 2017, explicit, under a PASID</td><td>{@link
 *       org.smmulator.iommu.sva.PasidBinder#bind}</td></tr>
 * </table>
 *
 * <p>Left out: {@code iommu_sva_handle_mm()} for kernel addresses. The bind enables a device's page
 * requests, as it did up to 6.15; since then the IOMMU's driver does so at attach.
 *
 * <p>Threads: bind and unbind take a mutex, so they may block; pages are brought by the queue of
 * {@link org.smmulator.iommu.iopf}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.sva;

import org.jspecify.annotations.NullMarked;
