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
 * <p>Left out: nothing that the drivers here ask for. Who lets a device ask for pages is the bind,
 * as it was up to 6.15; since then it is the IOMMU's driver, at attach.
 */
@NullMarked
package org.smmulator.iommu.sva;

import org.jspecify.annotations.NullMarked;
