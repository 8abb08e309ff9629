/**
 * The line between software and hardware: all that the two worlds share besides bytes in DRAM.
 *
 * <p>Start at {@link org.smmulator.hw.bus.Mmio}, the software's side of a register window, and
 * {@link org.smmulator.hw.bus.RegisterFile}, the model's side of it. A device reaches memory
 * through its {@link org.smmulator.hw.bus.BusMaster}, which asks a {@link
 * org.smmulator.hw.bus.Translator} (an IOMMU) where an address leads, and which may lead it to
 * another device's registers: that is how a message-signalled interrupt travels. Without an IOMMU a
 * bus may still show it memory elsewhere: {@link org.smmulator.hw.bus.BusWindows}. A device reports
 * through an {@link org.smmulator.hw.bus.IrqPin}; it lives in time through its {@link
 * org.smmulator.hw.bus.Timebase}. {@link org.smmulator.hw.bus.SecureMonitor} is what an SMC
 * instruction reaches. Wires that only models have between them stand with the models.
 *
 * <p>No kernel object passes here. A driver never calls a model and a model never calls a driver.
 *
 * <p>Not modelled: bus widths, arbitration, write buffers and barriers, because a write has arrived
 * when the store returns.
 *
 * <p>Threads: one context at a time. A store through {@link org.smmulator.hw.bus.Mmio} may be a
 * scheduling point; a {@link org.smmulator.hw.bus.Translator} may block its device's process.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.bus;

import org.jspecify.annotations.NullMarked;
