/**
 * Tracepoints and the kernel log, in the kernel's formats.
 *
 * <p>Start at {@link org.smmulator.trace.Tracer} and {@link org.smmulator.trace.Dmesg}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code TRACE_EVENT(name, ...)}</td><td>a record that implements {@link
 *       org.smmulator.trace.TraceEvent}</td></tr>
 *   <tr><td>{@code include/linux/tracepoint.h}</td><td>{@link org.smmulator.trace.Tracepoint#on}</td></tr>
 *   <tr><td>{@code /sys/kernel/tracing/trace}</td><td>{@link org.smmulator.trace.FtraceText}</td></tr>
 *   <tr><td>{@code /sys/kernel/tracing/trace_pipe}</td><td>{@link
 *       org.smmulator.trace.FtraceStream}</td></tr>
 *   <tr><td>{@code printk()}</td><td>{@link org.smmulator.trace.Dmesg}</td></tr>
 *   <tr><td>{@code lib/ratelimit.c}</td><td>{@link org.smmulator.trace.RateLimit}</td></tr>
 * </table>
 *
 * <p>Left out: per-CPU buffers, filters and triggers; one machine has one buffer.
 *
 * <p>Threads: every context may record and log; nothing here blocks or passes a scheduling point.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.trace;

import org.jspecify.annotations.NullMarked;
