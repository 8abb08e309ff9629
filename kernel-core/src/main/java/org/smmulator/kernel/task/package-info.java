/**
 * Contexts, the baton that one of them holds, virtual time, and ways to wait.
 *
 * <p>Start at {@link org.smmulator.kernel.task.Scheduler}, then read {@link
 * org.smmulator.kernel.task.WaitQueue}. This is the only package that knows Java threads.
 *
 * <p>At any moment exactly one context runs: a user task, a kernel worker, a device process, or
 * run-to-completion code (a hard interrupt, a timer, a device event). It holds the baton, so
 * everything else in the simulator is single-threaded code that never needs a lock against data
 * races; simulated locks exist because contexts take turns at scheduling points.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code schedule()}, {@code wake_up_process()}</td><td>{@link
 *       org.smmulator.kernel.task.Scheduler}</td></tr>
 *   <tr><td>{@code struct task_struct}</td><td>{@link org.smmulator.kernel.task.Task} for who it is,
 *       {@link org.smmulator.kernel.task.Context} for how it runs</td></tr>
 *   <tr><td>{@code wait_queue_head_t}, {@code wait_event_interruptible_timeout()}</td><td>{@link
 *       org.smmulator.kernel.task.WaitQueue}</td></tr>
 *   <tr><td>{@code struct workqueue_struct}</td><td>{@link
 *       org.smmulator.kernel.task.Workqueue}</td></tr>
 *   <tr><td>{@code struct timer_list}, {@code hrtimer}</td><td>{@link
 *       org.smmulator.kernel.task.Timer}</td></tr>
 * </table>
 *
 * <p>Decision: time is a debt. {@code consume(ns)} only adds to what the running context owes; it
 * pays at its next scheduling point, as a sleep. With nothing due earlier the clock just jumps, so
 * a lone client never pays a thread switch; with two engines at work their debts overlap as their
 * work would.
 *
 * <p>Left out: nice values, real-time classes, CPU affinity. A CPU is only a stretch of virtual
 * time that one context at a time can spend.
 *
 * <p>Threads: everything is called under the baton, except {@link
 * org.smmulator.kernel.task.Scheduler#run}, {@link org.smmulator.kernel.task.Scheduler#callAs} and
 * {@link org.smmulator.kernel.task.AttachedThread}, by which Java threads outside come in.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.task;

import org.jspecify.annotations.NullMarked;
