/**
 * The registers of pins.
 *
 * <p>Start at {@link org.smmulator.regs.gpio.GpxRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.gpio;

import org.jspecify.annotations.NullMarked;
