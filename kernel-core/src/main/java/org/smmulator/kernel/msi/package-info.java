/**
 * Message-signalled interrupts: which device has which, and the address of its doorbell.
 *
 * <p>Start at {@link org.smmulator.kernel.msi.MsiFrames}: a device's {@code msi-parent} names a
 * frame, a frame allocates vectors, and the device's driver tells the device the address and the
 * word.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/irqchip/irq-gic-v2m.c}</td><td>{@link
 *       org.smmulator.kernel.msi.GicV2mDriver}, {@link org.smmulator.kernel.msi.MsiFrame}</td></tr>
 *   <tr><td>{@code struct msi_desc}</td><td>{@link org.smmulator.kernel.msi.MsiVector}</td></tr>
 *   <tr><td>{@code irq_find_matching_fwnode()}</td><td>{@link
 *       org.smmulator.kernel.msi.MsiFrames}</td></tr>
 * </table>
 *
 * <p>Left out: interrupt domains above one another, affinity, a doorbell's address behind an IOMMU,
 * which is the DMA layer's business.
 *
 * <p>Threads: a frame is registered and asked for vectors by probes, which never run at once.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.msi;

import org.jspecify.annotations.NullMarked;
