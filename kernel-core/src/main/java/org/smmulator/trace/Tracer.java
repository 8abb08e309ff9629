package org.smmulator.trace;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One machine's trace: which tracepoints are on, and a ring buffer of what they recorded.
 *
 * <p>All tracepoints are off at first. When the buffer is full the oldest entry is dropped, as in
 * ftrace's overwrite mode.
 */
public final class Tracer {
  private final TraceContext context;
  private final int capacity;
  private final ArrayDeque<TraceRecord> buffer = new ArrayDeque<>();
  private final List<Consumer<TraceRecord>> listeners = new ArrayList<>();

  // Looked up by class, never iterated where the order could show.
  private final Map<Class<? extends TraceEvent>, Tracepoint<?>> points = new HashMap<>();
  private final Set<Class<? extends TraceEvent>> enabled = new HashSet<>();
  private boolean allEnabled;
  private long written;

  public Tracer(TraceContext context, int capacity) {
    checkArgument(capacity > 0, "capacity %s", capacity);
    this.context = context;
    this.capacity = capacity;
  }

  /** The tracepoint that reports {@code type}; one object for each type. */
  @SuppressWarnings("unchecked") // a type maps to its own tracepoint only
  public <E extends TraceEvent> Tracepoint<E> tracepoint(Class<E> type) {
    return (Tracepoint<E>)
        points.computeIfAbsent(
            type, t -> new Tracepoint<E>(this, allEnabled || enabled.contains(type)));
  }

  /** Switches one tracepoint on, now or when somebody asks for it. */
  public void enable(Class<? extends TraceEvent> type) {
    enabled.add(type);
    Tracepoint<?> point = points.get(type);
    if (point != null) {
      point.on = true;
    }
  }

  /** Switches every tracepoint on. */
  public void enableAll() {
    allEnabled = true;
    points.values().forEach(point -> point.on = true);
  }

  /** Tells {@code listener} of each record as it is made. It must not touch the machine. */
  public void listen(Consumer<TraceRecord> listener) {
    listeners.add(listener);
  }

  /** The events in the buffer, oldest first. */
  public ImmutableList<TraceRecord> records() {
    return ImmutableList.copyOf(buffer);
  }

  /** The events that the buffer holds, oldest first. */
  public ImmutableList<TraceEvent> events() {
    return buffer.stream().map(TraceRecord::event).collect(ImmutableList.toImmutableList());
  }

  /** How many records were made, those that the ring has dropped included. */
  public long written() {
    return written;
  }

  void record(TraceEvent event) {
    TraceRecord made =
        new TraceRecord(context.nowNs(), context.comm(), context.pid(), context.cpu(), event);
    written++;
    if (buffer.size() == capacity) {
      buffer.removeFirst();
    }
    buffer.addLast(made);
    for (Consumer<TraceRecord> listener : listeners) {
      listener.accept(made);
    }
  }
}
