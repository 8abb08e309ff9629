/**
 * Interrupts: from a device's pin to a driver's handler.
 *
 * <p>Start at {@link org.smmulator.kernel.irq.IrqController}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code request_irq()}, {@code request_threaded_irq()}</td><td>{@link
 *       org.smmulator.kernel.irq.IrqLine#request}</td></tr>
 *   <tr><td>{@code note_interrupt()}</td><td>the "nobody cared" count of {@link
 *       org.smmulator.kernel.irq.IrqLine}</td></tr>
 * </table>
 *
 * <p>Left out: affinity, priorities, nested controllers. The interrupt controller has no registers
 * of its own: nothing above it would look at them.
 *
 * <p>Threads: a pin may be raised in any context; the hard handler runs to completion and must not
 * block, the threaded one has a context of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.irq;

import org.jspecify.annotations.NullMarked;
