/**
 * Faults that are injected: allocations that fail because a test says so.
 *
 * <p>Start at {@link org.smmulator.kernel.fault.FaultInjector}. Allocators ask it; it is off until
 * somebody arms it, and costs one branch then.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code lib/fault-inject.c}, {@code fail-nth}, {@code fail_page_alloc}, {@code
 *       failslab}</td><td>{@link org.smmulator.kernel.fault.FaultInjector}</td></tr>
 * </table>
 *
 * <p>Left out: probabilities, intervals and filters by stack trace; {@code failslab} as a site of
 * its own, since the objects that Linux takes from slabs are the host's here.
 *
 * <p>Threads: any context.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.fault;

import org.jspecify.annotations.NullMarked;
