/**
 * Dumps of devices that crashed, for whoever writes the report: {@code /sys/class/devcoredump}.
 *
 * <p>Start at {@link org.smmulator.kernel.devcoredump.DevCoredumps}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/base/devcoredump.c}, {@code dev_coredumpm()}</td><td>{@link
 *       org.smmulator.kernel.devcoredump.DevCoredumps}</td></tr>
 * </table>
 *
 * <p>Left out: dumps that are bytes rather than text, and the uevent of a new one.
 *
 * <p>Threads: a dump is added by whoever found the crash, who may hold the locks of the driver;
 * dumps are freed by a worker, or by the process that disables them.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.devcoredump;

import org.jspecify.annotations.NullMarked;
