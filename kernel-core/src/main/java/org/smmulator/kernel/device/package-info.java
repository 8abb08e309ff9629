/**
 * Devices, drivers, and how they find each other.
 *
 * <p>Start at {@link org.smmulator.kernel.device.PlatformDriver}, what a driver implements, and
 * {@link org.smmulator.kernel.device.DriverCore}, which calls it.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code really_probe()}, {@code driver_deferred_probe_trigger()}</td><td>{@link
 *       org.smmulator.kernel.device.DriverCore}</td></tr>
 *   <tr><td>{@code struct platform_device}</td><td>{@link
 *       org.smmulator.kernel.device.PlatformDevice}</td></tr>
 *   <tr><td>{@code devm_*}, {@code remove()}</td><td>{@link
 *       org.smmulator.kernel.device.Devres}</td></tr>
 *   <tr><td>{@code drivers/base/core.c}, {@code drivers/of/kobj.c}</td><td>{@link
 *       org.smmulator.kernel.device.PlatformNodes}</td></tr>
 * </table>
 *
 * <p>Left out: other buses, hot plug, asynchronous probing, cycles among suppliers (they defer for
 * ever and are reported).
 *
 * <p>Threads: probe and unbind run in a context that may block, one at a time.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.device;

import org.jspecify.annotations.NullMarked;
