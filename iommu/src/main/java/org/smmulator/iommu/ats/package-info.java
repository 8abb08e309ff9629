/**
 * The kernel's side of a device's ATS capability: whether it has one, and turning it on and off.
 *
 * <p>Start at {@link org.smmulator.iommu.ats.DeviceAts}. An IOMMU's driver is its only user: it
 * knows when the translations of a device can be asked for, and a device's own driver hears nothing
 * of it, on PCI as here.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/pci/ats.c}, {@code pdev->ats_cap}</td><td>{@link
 *       org.smmulator.iommu.ats.DeviceAts}</td></tr>
 * </table>
 *
 * <p>Left out: PRI and PASID capabilities, see {@link org.smmulator.regs.ats}; virtual functions.
 *
 * <p>Threads: called with the group's lock held, by the IOMMU's driver at attach.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.ats;

import org.jspecify.annotations.NullMarked;
