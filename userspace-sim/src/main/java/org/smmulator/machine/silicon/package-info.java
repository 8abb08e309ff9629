/**
 * Hardware models, made from the nodes of a device tree and wired as the tree says.
 *
 * <p>Start at {@link org.smmulator.machine.silicon.Motherboard}; {@code SiliconModule} lists the
 * factory of each {@code compatible}, and {@code Timing} has the costs in virtual time. The values
 * of silicon that a tree does not hold stand in {@code smmulator,*} properties, which each factory
 * lists; {@code stock.dts} has them for stock boards. {@code Motherboard} lists those that say
 * where the wires differ from the tree.
 *
 * <p>Left out: devices without a factory, and those of which nothing says what their silicon is
 * like. Their nodes become devices that no driver binds to; a line says so of the latter.
 *
 * <p>Threads: a machine is wired before its scheduler runs.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.silicon;

import org.jspecify.annotations.NullMarked;
