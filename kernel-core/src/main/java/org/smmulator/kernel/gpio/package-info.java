/**
 * Pins: which device has which, and the interrupts of their edges.
 *
 * <p>Start at {@link org.smmulator.kernel.gpio.Gpio}, a pin as a device's driver has it; a
 * controller's driver brings {@link org.smmulator.kernel.gpio.GpioBanks}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/gpio}</th><th>Here</th></tr>
 *   <tr><td>{@code struct gpio_desc}, {@code gpiod_get()}</td><td>{@link
 *       org.smmulator.kernel.gpio.Gpio}</td></tr>
 *   <tr><td>{@code struct gpio_chip}</td><td>{@link org.smmulator.kernel.gpio.GpioChip}, {@link
 *       org.smmulator.kernel.gpio.GpioBanks}</td></tr>
 * </table>
 *
 * <p>Left out: outputs, pulls, pin functions, {@code /dev/gpiochip*}.
 *
 * <p>Threads: pins are read anywhere; their interrupts are hard ones.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.gpio;

import org.jspecify.annotations.NullMarked;
