/**
 * A hardware model of the Arm SMMUv2, and of version 1: registers, stream matching, context banks,
 * invalidations, faults. Tables are read by {@code hw.vmsa}.
 *
 * <p>Start at {@link org.smmulator.hw.smmuv2.SmmuV2}, whose Javadoc follows one transaction through
 * the package and ends with what is not modelled; {@link org.smmulator.hw.smmuv2.SmmuV2Config} has
 * the choices of a board. An Adreno switches tables through {@link
 * org.smmulator.hw.smmuv2.ContextBankPort}. The driver of this hardware is in another package and
 * shares only the registers of {@code regs.smmuv2} with it.
 *
 * <p>Threads: one context runs at a time. A transaction that a fault stalls waits inside {@code
 * translate()} in its device's process; nothing else here blocks.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.NullMarked;
