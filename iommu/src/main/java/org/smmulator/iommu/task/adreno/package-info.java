/**
 * Tables of tasks on a GPU: the values of the switch {@code msm.pagetables}.
 *
 * <p>Start at {@link org.smmulator.iommu.task.adreno.AdrenoSmmuBinder}, Linux's way of today. In
 * Linux these tables belong to drm/msm, {@code drivers/gpu/drm/msm/msm_iommu.c}. Decision: here
 * they stand behind the token of {@link org.smmulator.iommu.task.IommuTasks}, beside the designs
 * that were proposed instead, so that the GPU's driver is the same under all of them and knows no
 * table format. The same client gets the same bytes under each; what differs is this:
 *
 * <table>
 *   <caption>Who does what under each value</caption>
 *   <tr><th>Value</th><th>The table is</th><th>TTBR0 is opened</th><th>The driver learns the
 *       base from</th><th>An unmap is invalidated by</th><th>Today's kernel</th></tr>
 *   <tr><th>{@code adreno-smmu}</th><td>the GPU driver's, an io-pgtable</td><td>by the first
 *       table, by {@code set_ttbr0_cfg}</td><td>its own table</td><td>the GPU driver, all of ASID 0
 *       through its domain</td><td>the same</td></tr>
 *   <tr><th>{@code bind-task}</th><td>the IOMMU driver's, made by the bind</td><td>by the first
 *       bind</td><td>the token, the PASID or an attribute: {@link
 *       org.smmulator.iommu.task.PagetableBase}</td><td>the IOMMU driver, by address</td><td>none;
 *       {@code iommu_sva_bind_device()} for tables shared with the CPU</td></tr>
 *   <tr><th>{@code dynamic-domains}</th><td>a domain beside its master</td><td>with the master; no
 *       dynamic domain touches a register</td><td>an attribute of the domain</td><td>the IOMMU
 *       driver, by address</td><td>none; Qualcomm's kernels had it</td></tr>
 *   <tr><th>{@code aux-domains}</th><td>an auxiliary domain, attached beside the main
 *       one</td><td>when the first is attached</td><td>an attribute of the domain</td><td>the IOMMU
 *       driver, by address</td><td>none; {@code iommu_attach_device_pasid()} came
 *       after it</td></tr>
 *   <tr><th>{@code shared}</th><td>the GPU's own domain, for every file</td><td>never</td><td>no
 *       switch</td><td>the IOMMU driver, by address</td><td>what a GPU without private VMs
 *       has</td></tr>
 * </table>
 *
 * <p>Whoever invalidates an unmap, a switch needs another invalidation, by the GPU: all tables have
 * the ASID of the one context bank. Where a bank has no TTBR1, {@code bind-task} and {@code
 * dynamic-domains} link the tables behind the first root entry of the GPU's own domain into each
 * task's root, one store a file; the others have all files share the GPU's domain.
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
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.task.adreno;

import org.jspecify.annotations.NullMarked;
