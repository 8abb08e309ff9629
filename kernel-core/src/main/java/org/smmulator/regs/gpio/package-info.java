/**
 * The registers of pins.
 *
 * <p>Start at {@link org.smmulator.regs.gpio.GpxRegs}.
 */
@NullMarked
package org.smmulator.regs.gpio;

import org.jspecify.annotations.NullMarked;
