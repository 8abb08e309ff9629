/**
 * Ways to make an address space for a task: one for devices with PASIDs, and for GPUs without the
 * values of the switch {@code msm.pagetables}.
 *
 * <p>Start at {@link org.smmulator.iommu.task.PasidBinder}, which needs nothing but the core; then
 * {@link org.smmulator.iommu.task.AdrenoSmmuBinder}, what Linux does today for a GPU. In Linux
 * these tables belong to drm/msm, {@code drivers/gpu/drm/msm/msm_iommu.c}. Decision: here they
 * stand behind the token of {@link org.smmulator.iommu.IommuTasks}, beside the designs that were
 * proposed instead, so that the GPU's driver is the same under all of them and knows no table
 * format.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_iommu_pagetable_create()}</td><td>{@link
 *       org.smmulator.iommu.task.AdrenoSmmuBinder#bind}</td></tr>
 *   <tr><td>{@code struct msm_iommu_pagetable}</td><td>{@code AdrenoTaskPagetable}</td></tr>
 *   <tr><td>{@code iommu_bind_task()} of 2017, explicit</td><td>{@link
 *       org.smmulator.iommu.task.PasidBinder#bind}</td></tr>
 * </table>
 *
 * <p>Left out, and why: the page that partially resident buffers read from (no {@code MAP_NULL}
 * yet), preallocated tables (they belong to {@code VM_BIND}).
 *
 * <p>Threads: binding holds a lock, because the first one opens TTBR0 and the last one closes it.
 */
@NullMarked
package org.smmulator.iommu.task;

import org.jspecify.annotations.NullMarked;
