package org.smmulator.trace;

/**
 * A place in the code that can report an event. Off, it costs the branch {@code if (point.on)} and
 * nothing else; the event is only made inside that branch.
 */
public final class Tracepoint<E extends TraceEvent> {
  /** True while the tracepoint is enabled. Written by the {@link Tracer} only. */
  @SuppressWarnings("VisibilityModifier") // a field, so that an off tracepoint is one branch
  public boolean on;

  private final Tracer tracer;

  Tracepoint(Tracer tracer, boolean on) {
    this.tracer = tracer;
    this.on = on;
  }

  /** Records {@code event}. */
  public void emit(E event) {
    tracer.record(event);
  }
}
