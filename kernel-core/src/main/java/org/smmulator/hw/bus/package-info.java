/**
 * The line between software and hardware: all that the two worlds share besides bytes in DRAM.
 *
 * <p>Start at {@link org.smmulator.hw.bus.Mmio}, the software's side of a register window, and
 * {@link org.smmulator.hw.bus.RegisterFile}, the model's side of it. A device reaches memory
 * through its {@link org.smmulator.hw.bus.BusMaster}, which asks a {@link
 * org.smmulator.hw.bus.Translator} (an IOMMU) where an address leads, and which may lead it to
 * another device's registers: that is how a message-signalled interrupt travels. Without an IOMMU a
 * bus may still show it memory elsewhere: {@link org.smmulator.hw.bus.BusWindows}. Where a machine
 * has caches, what a coherent device does passes a {@link org.smmulator.hw.bus.SnoopPort} behind
 * that. It reports through an {@link org.smmulator.hw.bus.IrqPin}; it lives in time through its
 * {@link org.smmulator.hw.bus.Timebase}. A GPU has one wire more: a {@link
 * org.smmulator.hw.bus.ContextBankPort} to its IOMMU's tables. A device that keeps translations has
 * two: it asks through {@link org.smmulator.hw.bus.AtsPort}, and is told to forget through its
 * {@link org.smmulator.hw.bus.AtcPort}.
 *
 * <p>No kernel object passes here. A driver never calls a model and a model never calls a driver.
 *
 * <p>Not modelled: bus widths, arbitration, write buffers and barriers. A write has arrived when
 * the store returns.
 */
@NullMarked
package org.smmulator.hw.bus;

import org.jspecify.annotations.NullMarked;
