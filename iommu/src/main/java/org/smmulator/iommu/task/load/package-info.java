/**
 * Tables of tasks on devices that cannot say which table they mean: the IOMMU's driver switches.
 *
 * <p>Start at {@link org.smmulator.iommu.task.load.LoadBinder}. Each token has a domain of its own;
 * {@link org.smmulator.iommu.task.IommuTask#load} has the IOMMU of a device walk its table, by
 * {@link org.smmulator.iommu.Iommu#load}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>nothing: proposed for Exynos in 2014, and as {@code iommu_bind_task()} in
 *       2017</td><td>{@link org.smmulator.iommu.task.load.LoadBinder}</td></tr>
 * </table>
 *
 * <p>Left out: nothing that the token promises but reserved table pages, which Samsung's format
 * does not have.
 *
 * <p>Threads: as {@link org.smmulator.iommu.task}; a load may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.task.load;

import org.jspecify.annotations.NullMarked;
