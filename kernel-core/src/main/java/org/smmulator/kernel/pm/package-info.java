/**
 * Power: what a device must have before it answers, and when it may sleep.
 *
 * <p>Start at {@link org.smmulator.kernel.pm.RuntimePm}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code clk_prepare_enable()}, {@code drivers/pmdomain/core.c}</td><td>{@link
 *       org.smmulator.kernel.pm.Supply}</td></tr>
 *   <tr><td>{@code clk_get()}, {@code dev_pm_domain_attach()}</td><td>{@link
 *       org.smmulator.kernel.pm.SupplyMap}</td></tr>
 *   <tr><td>{@code drivers/base/power/runtime.c}</td><td>{@link
 *       org.smmulator.kernel.pm.RuntimePm}</td></tr>
 * </table>
 *
 * <p>Left out: rates, voltages, system sleep. A provider that nobody models is always on.
 *
 * <p>Threads: waking and suspending may block; {@link
 * org.smmulator.kernel.pm.RuntimePm#getIfActive} does not, and is for hard interrupts.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.pm;

import org.jspecify.annotations.NullMarked;
