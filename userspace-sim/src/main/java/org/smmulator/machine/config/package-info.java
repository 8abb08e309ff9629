/**
 * The switches of a machine: {@code --set key=value}, and {@code set} of a scenario.
 *
 * <p>Start at {@link org.smmulator.machine.config.Switches}, the list of all of them; {@link
 * org.smmulator.machine.config.KernelConfig} holds the values of one machine, and only the wiring
 * in {@code machine.kernel} reads it.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>the kernel command line</td><td>{@link
 *       org.smmulator.machine.config.KernelConfig}</td></tr>
 * </table>
 *
 * <p>Left out: parameters that change while a machine runs; a configuration is fixed at boot.
 *
 * <p>Threads: every class here is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.config;

import org.jspecify.annotations.NullMarked;
