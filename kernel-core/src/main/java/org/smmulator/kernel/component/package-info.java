/**
 * Logical devices that are made of several: a display controller, its encoders and its engines are
 * one DRM device.
 *
 * <p>Start at {@link org.smmulator.kernel.component.Components}, what drivers call, then read
 * {@link org.smmulator.kernel.component.AggregateDevice#bindAll}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/base/component.c}</th><th>Here</th></tr>
 *   <tr><td>{@code component_add()}, {@code component_del()}, {@code
 *       component_master_add_with_match()}</td><td>{@link
 *       org.smmulator.kernel.component.Components}</td></tr>
 *   <tr><td>{@code struct aggregate_device}, {@code component_bind_all()}</td><td>{@link
 *       org.smmulator.kernel.component.AggregateDevice}</td></tr>
 *   <tr><td>{@code struct component_match}</td><td>{@link
 *       org.smmulator.kernel.component.ComponentMatch}</td></tr>
 *   <tr><td>{@code devres_open_group()}</td><td>the {@link org.smmulator.kernel.device.Devres} of
 *       each bind</td></tr>
 * </table>
 *
 * <p>Left out: components with a number of their own ({@code component_add_typed()}), and {@code
 * device_component} in debugfs.
 *
 * <p>Threads: any context that may block. A lock of the machine is held while an aggregate is bound
 * or taken down, so a bind must not add or remove components.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.component;

import org.jspecify.annotations.NullMarked;
