/**
 * The token: a task's address space on a device, the only way in which a driver for tasks maps.
 *
 * <p>Start at {@link org.smmulator.iommu.task.IommuTasks#bindTask}. It asks the {@link
 * org.smmulator.iommu.task.TaskMode} which of two binders makes the table, and gives an {@link
 * org.smmulator.iommu.task.IommuTask}. The binders stand in rooms of their own: {@link
 * org.smmulator.iommu.task.adreno} for the values of {@code msm.pagetables}, {@link
 * org.smmulator.iommu.sva} for devices with PASIDs.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code iommu_bind_task()} of the 2017 RFC</td><td>{@link
 *       org.smmulator.iommu.task.IommuTasks#bindTask}</td></tr>
 *   <tr><td>{@code struct iommu_task}, {@code iommu_task_map()}, {@code iommu_task_unmap()} of
 *       2017</td><td>{@link org.smmulator.iommu.task.IommuTask}</td></tr>
 *   <tr><td>{@code struct msm_mmu_prealloc}</td><td>{@link
 *       org.smmulator.iommu.task.IommuTask#preallocate}</td></tr>
 * </table>
 *
 * <p>Left out: nothing of 2017's calls. Devices whose IOMMU's driver switches tables have their
 * binder in {@link org.smmulator.iommu.task.load}.
 *
 * <p>Threads: bind, join, leave, load and unbind may block. Map and unmap do not, except that an
 * invalidation may poll its hardware; the caller keeps two of them from meeting in one range. A
 * task's death is told from the context in which it dies.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.task;

import org.jspecify.annotations.NullMarked;
