/**
 * The kernel that is compiled in: which implementation stands behind each interface, and the
 * drivers in the order of their initcalls.
 *
 * <p>Start at {@link org.smmulator.machine.kernel.Initcalls}, the list of drivers, then read {@link
 * org.smmulator.machine.kernel.CoreModule}. There is one Dagger module a subsystem; it reads that
 * subsystem's switches. A class that needs no switch has an {@code @Inject} constructor and no
 * provider here. {@code @Singleton} means: one in each machine.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code vmlinux.lds}, the initcall sections</td><td>{@link
 *       org.smmulator.machine.kernel.Initcalls}</td></tr>
 * </table>
 *
 * <p>Left out: modules that are loaded later.
 *
 * <p>Threads: a machine is wired before its scheduler runs.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.kernel;

import org.jspecify.annotations.NullMarked;
