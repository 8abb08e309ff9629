/**
 * The services that every driver takes, in one record.
 *
 * <p>Start with {@link org.smmulator.kernel.KernelServices}.
 *
 * <table>
 * <caption>Kernel and here</caption>
 * <tr><td>{@code schedule()}</td><td>{@code scheduler()}</td></tr>
 * <tr><td>{@code ktime_get()}</td><td>{@code clock()}</td></tr>
 * <tr><td>{@code mutex_init()}</td><td>{@code lockdep()}</td></tr>
 * <tr><td>{@code alloc_pages()}</td><td>{@code pages()}</td></tr>
 * <tr><td>{@code printk()}</td><td>{@code dmesg()}</td></tr>
 * <tr><td>{@code device_create()}, {@code debugfs_create_file()}</td><td>{@code nodes()}</td></tr>
 * </table>
 *
 * <p>Left out: what only buses and subsystems need (interrupts, clocks, the DMA API, processes);
 * their users take those by name.
 *
 * <p>Threads: each service says who may call it.
 *
 * <p>Not public API: it may change with any release.
 */
@CheckReturnValue
@NullMarked
package org.smmulator.kernel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
