/**
 * Faults that are injected into a machine on purpose: what hardware and allocators do when
 * something is wrong.
 *
 * <p>Start at {@link org.smmulator.machine.faults.Fault}, which lists them, and {@link
 * org.smmulator.machine.faults.InjectedFaults}, which sits in the wires of the devices that they
 * concern; a machine without faults has none of it in its wires. A test gives its faults to {@link
 * org.smmulator.machine.MachineBuilder#inject}, a scenario in its section {@code faults:}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code lib/fault-inject.c}</td><td>{@link
 *       org.smmulator.machine.faults.Fault.FailedAllocation}, by {@link
 *       org.smmulator.kernel.fault.FaultInjector}</td></tr>
 * </table>
 *
 * <p>A lost or late interrupt is one of a pin, or a message on its way to the registers of an
 * interrupt controller. Left out: wrong bits on a bus or in memory, which no driver here could
 * notice.
 *
 * <p>Threads: a fault happens in the thread that meets it.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.faults;

import org.jspecify.annotations.NullMarked;
