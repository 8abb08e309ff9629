/**
 * The driver of the pins of Exynos chips.
 *
 * <p>Start at {@link org.smmulator.kernel.gpio.exynos.ExynosPinctrlDriver}; {@code WakeupBank} is a
 * bank of eight pins.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/pinctrl/samsung}</th><th>Here</th></tr>
 *   <tr><td>{@code samsung_pinctrl_driver}</td><td>{@link
 *       org.smmulator.kernel.gpio.exynos.ExynosPinctrlDriver}</td></tr>
 *   <tr><td>{@code struct samsung_pin_bank}</td><td>{@code WakeupBank}</td></tr>
 * </table>
 *
 * <p>Left out: the banks but {@code gpx0} to {@code gpx3}, functions and pulls of pins, waking the
 * chip up, interrupts by level.
 *
 * <p>Threads: interrupts are handed on in a hard interrupt.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.gpio.exynos;

import org.jspecify.annotations.NullMarked;
