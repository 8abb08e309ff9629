/**
 * The driver of Samsung's sysmmus. Its classes begin with {@code Exynos}, but for {@code
 * SysmmuDrvdata}; the models are in {@code hw.sysmmu}.
 *
 * <p>Start at {@link org.smmulator.iommu.exynos.ExynosSysmmuDriver}, its probe; then {@code
 * SysmmuDrvdata}, one sysmmu; {@code ExynosIommuOwner}, a master with all of its sysmmus; {@code
 * ExynosIommuDomain}, a table with the sysmmus that walk it; {@code ExynosIommuOps}, the
 * operations. The table's format is in {@link org.smmulator.iommu.pgtable}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/iommu/exynos-iommu.c}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_sysmmu_probe()}</td><td>{@link
 *       org.smmulator.iommu.exynos.ExynosSysmmuDriver}</td></tr>
 *   <tr><td>{@code struct sysmmu_drvdata}, {@code
 *       sysmmu_tlb_invalidate_entry()}</td><td>{@code SysmmuDrvdata}</td></tr>
 *   <tr><td>{@code exynos_iommu_set_pte()}</td><td>{@link
 *       org.smmulator.iommu.pgtable.ExynosPgtable}</td></tr>
 *   <tr><td>{@code struct exynos_iommu_owner}</td><td>{@code ExynosIommuOwner}</td></tr>
 *   <tr><td>{@code struct exynos_iommu_domain}</td><td>{@code ExynosIommuDomain}</td></tr>
 *   <tr><td>{@code exynos_iommu_ops}</td><td>{@code ExynosIommuOps}</td></tr>
 *   <tr><td>{@code exynos_sysmmu_irq()}, {@code struct sysmmu_fault}</td><td>{@code
 *       ExynosSysmmuIrq}, {@code ExynosSysmmuFault}</td></tr>
 *   <tr><td>{@code __sysmmu_get_version()}</td><td>{@code ExynosSysmmuVersion}</td></tr>
 *   <tr><td>{@code PG_ENT_SHIFT}, {@code LV1_PROT}, {@code LV2_PROT}</td><td>{@code
 *       ExynosIommuOps.format}, one for each machine</td></tr>
 * </table>
 *
 * <p>As in the kernel: a master that leaves a domain takes the domain away from every other sysmmu
 * in it, too, though not their hardware's table (unless {@link
 * org.smmulator.iommu.exynos.ExynosDetach} says otherwise); sysmmus that cache first-level entries
 * are not told of a section in the place of a link or of an empty table; a fault that no handler
 * takes is a panic, unless the sysmmu has lost its domain.
 *
 * <p>Left out, and why: cache maintenance for walkers that are not coherent (tables are not cached
 * here), system sleep.
 *
 * <p>Threads: any context that may block can attach; mapping and unmapping never block. An owner's
 * {@code rpm_lock} is held while its domain or its power changes. The kernel's spinlock of a sysmmu
 * is an atomic section here. Fault handlers are hard interrupts.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.exynos;

import org.jspecify.annotations.NullMarked;
