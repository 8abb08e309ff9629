package org.smmulator.trace;

/**
 * One event of a tracepoint: the record's components are {@code TP_STRUCT__entry}, {@link #print}
 * is {@code TP_printk}.
 */
public interface TraceEvent {
  /** The subsystem under {@code /sys/kernel/tracing/events}, such as {@code iommu}. */
  String system();

  /** The event's name, such as {@code map}. */
  String name();

  /** The event's line, without its name. */
  String print();
}
