package org.smmulator.kernel.msi;

import org.smmulator.kernel.irq.IrqLine;

/**
 * An interrupt that is raised by a store. Kernel: {@code struct msi_desc}.
 *
 * @param line where it arrives
 * @param doorbellPa which register to store to, a physical address
 * @param data what to store
 */
public record MsiVector(IrqLine line, long doorbellPa, int data) {}
