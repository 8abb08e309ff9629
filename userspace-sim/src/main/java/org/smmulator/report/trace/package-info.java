/**
 * Traces of a run, written while it runs: ftrace's text, and Perfetto's protobuf.
 *
 * <p>Start at {@link org.smmulator.report.trace.TraceOutput}; {@link
 * org.smmulator.report.trace.PerfettoOutput} shows how a trace listens to both worlds: tracepoints
 * tell of software, a {@link org.smmulator.report.trace.WireTap} of hardware.
 *
 * <table>
 *   <caption>Where Perfetto's names went</caption>
 *   <tr><th>Perfetto</th><th>Here</th></tr>
 *   <tr><td>{@code TracePacket}, {@code TrackEvent}</td><td>{@code PerfettoPackets}</td></tr>
 *   <tr><td>{@code TrackDescriptor}</td><td>{@code PerfettoTracks}</td></tr>
 * </table>
 *
 * <p>Left out: Perfetto's own ftrace packets, because its tracks are made from what is known here
 * and not in a kernel: which job a ring runs, and whose pagetable a bank walks; and interned
 * strings, which would make the file smaller and the writer remember.
 *
 * <p>Threads: an output is called from whatever simulated context runs; it neither blocks nor
 * passes a scheduling point.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.trace;

import org.jspecify.annotations.NullMarked;
