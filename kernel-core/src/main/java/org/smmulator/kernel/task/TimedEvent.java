package org.smmulator.kernel.task;

import org.jspecify.annotations.Nullable;

/** Something that happens at a moment of virtual time. In at most one {@link EventWheel}, once. */
final class TimedEvent {
  static final int NOT_QUEUED = -1;

  final Runnable action;
  long timeNs;

  /** The wheel's slot, or {@link #NOT_QUEUED}; the links are the slot's list. */
  int slot = NOT_QUEUED;

  @Nullable TimedEvent previous;
  @Nullable TimedEvent next;

  TimedEvent(Runnable action) {
    this.action = action;
  }

  boolean isQueued() {
    return slot != NOT_QUEUED;
  }
}
