/**
 * Files about groups and their tables.
 *
 * <p>Start at {@link org.smmulator.iommu.nodes.IommuGroupNodes} for {@code
 * /sys/kernel/iommu_groups}; {@link org.smmulator.iommu.nodes.IommuDebugNodes} is {@code
 * /sys/kernel/debug/iommu}, and {@link org.smmulator.iommu.nodes.IommuClassNodes} is {@code
 * /sys/class/iommu}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code iommu_group_attr_type}, {@code iommu_group_attr_reserved_regions}</td><td>{@link
 *       org.smmulator.iommu.nodes.IommuGroupNodes}</td></tr>
 *   <tr><td>{@code iommu_device_sysfs_add()}, {@code iommu_device_link()}</td><td>{@link
 *       org.smmulator.iommu.nodes.IommuClassNodes}</td></tr>
 *   <tr><td>{@code intel/domain_translation_struct}, Intel's only</td><td>{@link
 *       org.smmulator.iommu.nodes.IommuDebugNodes}, for every IOMMU</td></tr>
 * </table>
 *
 * <p>Left out: names of groups, links to devices' own directories; tables of processes that a
 * device shares, which the process itself maps.
 *
 * <p>Threads: files are read and written by tasks; a write to {@code type} may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.nodes;

import org.jspecify.annotations.NullMarked;
