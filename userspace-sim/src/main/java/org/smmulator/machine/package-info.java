/**
 * Machines: boards, their models and drivers wired together, and how they are configured.
 *
 * <p>Start at {@link org.smmulator.machine.Machine}. A board is a {@code .dts} file among the
 * resources ({@link org.smmulator.machine.Boards}). The switches are in {@link
 * org.smmulator.machine.config}, the kernel's parts in {@link org.smmulator.machine.kernel}, the
 * hardware models in {@link org.smmulator.machine.silicon}. Only these packages know both software
 * and hardware, and only these know Dagger.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arch/arm64/boot/dts}</td><td>{@link org.smmulator.machine.Boards}</td></tr>
 *   <tr><td>{@code init/main.c}, {@code start_kernel()}</td><td>{@link
 *       org.smmulator.machine.Machine}</td></tr>
 * </table>
 *
 * <p>Public API is {@link org.smmulator.machine.Machine} alone, as what a test is given and hands
 * on. Its methods lead to the kernel and the models, which are the inside and may change in any
 * version.
 *
 * <p>Left out: boot loaders, and devices without a model: their nodes become devices that no driver
 * binds to.
 *
 * <p>Threads: a machine and its clients belong to one thread of the host at a time.
 */
@NullMarked
package org.smmulator.machine;

import org.jspecify.annotations.NullMarked;
