/**
 * Sleeping locks, which check their order as lockdep does.
 *
 * <p>Start at {@link org.smmulator.kernel.lock.Mutex}. Every lock belongs to a {@link
 * org.smmulator.kernel.lock.LockClass}; {@link org.smmulator.kernel.lock.Lockdep} remembers which
 * class was ever taken while which was held, and an order that could deadlock is a bug at the first
 * sight of it, whether or not this run would have deadlocked.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code kernel/locking/mutex.c}</td><td>{@link org.smmulator.kernel.lock.Mutex}</td></tr>
 *   <tr><td>{@code kernel/locking/ww_mutex.h}</td><td>{@link
 *       org.smmulator.kernel.lock.WwMutex}</td></tr>
 *   <tr><td>{@code kernel/locking/lockdep.c}</td><td>{@link
 *       org.smmulator.kernel.lock.Lockdep}</td></tr>
 * </table>
 *
 * <p>Left out: spinlocks and RCU. Code between two scheduling points is atomic here, so they would
 * have nothing to protect.
 *
 * <p>Threads: locks are taken in a context that may block, never in a hard interrupt.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.lock;

import org.jspecify.annotations.NullMarked;
