/**
 * The driver of Samsung's sysmmus.
 *
 * <p>Start at {@link org.smmulator.iommu.exynos.ExynosSysmmuDriver}, its probe; then {@code
 * SysmmuDrvdata}, one sysmmu; {@code ExynosIommuOwner}, a master with all of its sysmmus; {@code
 * ExynosIommuDomain}, a table with the sysmmus that walk it; {@code ExynosIommuOps}, who is
 * attached to what. The table's format is in {@link org.smmulator.iommu.pgtable}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/iommu/exynos-iommu.c}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_sysmmu_probe()}</td><td>{@link
 *       org.smmulator.iommu.exynos.ExynosSysmmuDriver}</td></tr>
 *   <tr><td>{@code struct sysmmu_drvdata}</td><td>{@code SysmmuDrvdata}</td></tr>
 *   <tr><td>{@code struct exynos_iommu_owner}</td><td>{@code ExynosIommuOwner}</td></tr>
 *   <tr><td>{@code struct exynos_iommu_domain}</td><td>{@code ExynosIommuDomain}</td></tr>
 *   <tr><td>{@code exynos_iommu_ops}</td><td>{@code ExynosIommuOps}</td></tr>
 *   <tr><td>{@code exynos_sysmmu_irq()}, {@code get_fault_info()}</td><td>{@code ExynosSysmmuIrq},
 *       {@code ExynosSysmmuFault}</td></tr>
 *   <tr><td>{@code PG_ENT_SHIFT}, {@code LV1_PROT}, {@code LV2_PROT}</td><td>{@code
 *       ExynosIommuOps.format}, one for each machine</td></tr>
 * </table>
 *
 * <p>As upstream does it, odd as it is: whoever leaves a domain takes the domain away from every
 * other sysmmu in it, too, though not their hardware's table (see {@code ExynosIommuDomain.leave});
 * a section in the place of a link or of an empty table is not told to sysmmus that keep links; a
 * fault that no handler deals with is a panic, unless the sysmmu has lost its domain.
 *
 * <p>Left out, and why: the maintenance of tables for walkers that are not coherent (tables are not
 * cached here), system sleep.
 *
 * <p>Threads: an owner's {@code rpm_lock} is held while its domain or its power changes. What the
 * kernel does under a controller's spinlock runs atomically here. Fault handlers are hard
 * interrupts.
 */
@NullMarked
package org.smmulator.iommu.exynos;

import org.jspecify.annotations.NullMarked;
