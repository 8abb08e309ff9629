/**
 * Whose job runs next on a ring.
 *
 * <p>Start at {@link org.smmulator.drm.sched.SchedJob}, then {@link
 * org.smmulator.drm.sched.DrmScheduler}. Kernel: {@code drivers/gpu/drm/scheduler}.
 *
 * <p>Each job has two fences: {@code scheduled}, when the hardware gets it, and {@code finished}. A
 * job that waits for another of the same ring needs to wait for {@code scheduled} only.
 *
 * <p>Threads: jobs run and are freed by one kernel worker for each ring; they finish wherever their
 * hardware fence is signalled.
 */
@NullMarked
package org.smmulator.drm.sched;

import org.jspecify.annotations.NullMarked;
