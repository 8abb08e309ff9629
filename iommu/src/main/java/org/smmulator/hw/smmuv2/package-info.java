/**
 * A hardware model of the Arm SMMUv2, and of version 1: registers, stream matching, TLB, walkers of
 * each kind of table, faults.
 *
 * <p>Start at {@link org.smmulator.hw.smmuv2.SmmuV2}, whose Javadoc follows one transaction through
 * the package and ends with what is not modelled; {@link org.smmulator.hw.smmuv2.SmmuV2Config} says
 * what a board can choose. The driver of this hardware is in another package and shares nothing
 * with it but the registers of {@code regs.smmuv2}; the walkers read descriptors as the Arm ARM
 * defines them, not with the code that writes them.
 *
 * <p>Threads: one context runs at a time. A transaction that a fault stalls waits inside {@code
 * translate()} in its device's process; nothing else here blocks.
 */
@NullMarked
package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.NullMarked;
