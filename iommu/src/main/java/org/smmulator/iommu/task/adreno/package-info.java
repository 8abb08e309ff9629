/**
 * Tables of tasks on a GPU: the values of the switch {@code msm.pagetables}.
 *
 * <p>Start at {@link org.smmulator.iommu.task.adreno.AdrenoSmmuBinder}, Linux's way of today. In
 * Linux these tables belong to drm/msm, {@code drivers/gpu/drm/msm/msm_iommu.c}. Decision: here
 * they stand behind the token of {@link org.smmulator.iommu.task.IommuTasks}, beside the designs
 * that were proposed instead, so that the GPU's driver is the same under all of them and knows no
 * table format.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_iommu_pagetable_create()}</td><td>{@link
 *       org.smmulator.iommu.task.adreno.AdrenoSmmuBinder#bind}</td></tr>
 *   <tr><td>{@code struct msm_iommu_pagetable}</td><td>{@code AdrenoTaskPagetable}</td></tr>
 *   <tr><td>{@code tlb_ops} of {@code msm_iommu.c}</td><td>{@code ParentFlush}</td></tr>
 * </table>
 *
 * <p>Left out: the page that partially resident buffers read from (no {@code MAP_NULL} yet).
 *
 * <p>Threads: binding holds a lock, because the first one opens TTBR0 and the last one closes it.
 */
@NullMarked
package org.smmulator.iommu.task.adreno;

import org.jspecify.annotations.NullMarked;
