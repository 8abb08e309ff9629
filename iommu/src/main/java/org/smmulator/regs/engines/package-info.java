/**
 * The registers of the engines on board {@code virt}, as their drivers and their models both know
 * them.
 *
 * <p>No such silicon exists: the layouts are of our own design, each as small as a real engine of
 * its kind could be. The card host's descriptors are those of the SD Host Controller's ADMA2.
 *
 * <p>Start at {@link org.smmulator.regs.engines.CopyRegs}. All engines have an ID register, an
 * interrupt status register (write one to clear) with an enable register, and a control register
 * whose RESET bit forgets whatever the engine was doing; memory is little-endian.
 *
 * <p>Left out: power management, clocks of their own, versions.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.engines;

import org.jspecify.annotations.NullMarked;
