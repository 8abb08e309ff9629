/**
 * Hardware models, made from the nodes of a device tree and wired as the tree says.
 *
 * <p>Start at {@link org.smmulator.machine.silicon.Motherboard}; {@code SiliconModule} lists the
 * factory of each {@code compatible}, and {@code Timing} has the costs in virtual time.
 *
 * <p>Left out: devices without a factory. Their nodes become devices that no driver binds to.
 *
 * <p>Threads: a machine is wired before its scheduler runs.
 */
@NullMarked
package org.smmulator.machine.silicon;

import org.jspecify.annotations.NullMarked;
