/**
 * The GPU scheduler: which job runs next on a ring.
 *
 * <p>Start at {@link org.smmulator.drm.sched.SchedJob}, then {@link
 * org.smmulator.drm.sched.DrmScheduler}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code sched_main.c}, {@code struct drm_gpu_scheduler}</td><td>{@link
 *       org.smmulator.drm.sched.DrmScheduler}</td></tr>
 *   <tr><td>{@code struct drm_sched_job}, {@code drm_sched_job_arm()}</td><td>{@link
 *       org.smmulator.drm.sched.SchedJob}</td></tr>
 *   <tr><td>{@code sched_entity.c}, {@code struct drm_sched_entity}, {@code
 *       drm_sched_entity_push_job()}</td><td>{@link
 *       org.smmulator.drm.sched.SchedEntity}</td></tr>
 *   <tr><td>{@code struct drm_sched_fence}</td><td>two fences: {@link
 *       org.smmulator.drm.sched.ScheduledFence}, {@link
 *       org.smmulator.drm.sched.FinishedFence}</td></tr>
 *   <tr><td>{@code struct drm_sched_init_args}, {@code enum drm_gpu_sched_stat}</td><td>{@link
 *       org.smmulator.drm.sched.SchedArgs}, {@link org.smmulator.drm.sched.SchedStat}</td></tr>
 *   <tr><td>{@code gpu_scheduler_trace.h}</td><td>{@link
 *       org.smmulator.drm.sched.SchedTrace}</td></tr>
 * </table>
 *
 * <p>Each job has two fences: {@code scheduled}, when the hardware gets it, and {@code finished}. A
 * job that waits for another of the same ring needs to wait for {@code scheduled} only.
 *
 * <p>Left out: round robin ({@code sched_policy}), the suspending of the timeout, fewer run queues
 * than there are priorities, and {@code DRM_SCHED_FENCE_DONT_PIPELINE}: no driver here uses them.
 *
 * <p>Threads: jobs run and are freed by one kernel worker for each ring, timeouts are handled by
 * another; jobs finish wherever their hardware fence is signalled. One context at a time arms and
 * pushes jobs of an entity.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.sched;

import org.jspecify.annotations.NullMarked;
