package org.smmulator.trace;

/**
 * One entry of the trace buffer.
 *
 * @param timeNs virtual nanoseconds since power on
 */
public record TraceRecord(long timeNs, String comm, int pid, int cpu, TraceEvent event) {}
