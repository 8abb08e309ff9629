package org.smmulator.kernel.task;

/** Something that happens at a moment of virtual time. In at most one {@link EventQueue}, once. */
final class TimedEvent {
  static final int NOT_QUEUED = -1;

  final Runnable action;
  long timeNs;
  long sequence;
  int index = NOT_QUEUED;

  TimedEvent(Runnable action) {
    this.action = action;
  }

  boolean isQueued() {
    return index != NOT_QUEUED;
  }
}
