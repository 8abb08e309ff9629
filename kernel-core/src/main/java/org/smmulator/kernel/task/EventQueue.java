package org.smmulator.kernel.task;

import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What will happen, by time; events of one moment in the order in which they were scheduled.
 *
 * <p>A 4-ary heap: half as deep as a binary one, and the four children share a cache line of
 * references. Each event knows its place, so that cancelling costs no search.
 */
final class EventQueue {
  private static final int ARITY = 4;

  private @Nullable TimedEvent[] heap = new TimedEvent[64];
  private int size;
  private long nextSequence;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The time of the first event; {@link Long#MAX_VALUE} if there is none. */
  long firstTimeNs() {
    return size == 0 ? Long.MAX_VALUE : at(0).timeNs;
  }

  void add(TimedEvent event, long timeNs) {
    checkState(!event.isQueued(), "the event is already queued");
    event.timeNs = timeNs;
    event.sequence = nextSequence++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    siftUp(size++, event);
  }

  /** Takes the first event out. */
  TimedEvent removeFirst() {
    TimedEvent first = at(0);
    remove(first);
    return first;
  }

  /** Takes {@code event} out; no effect if it is not queued. */
  void remove(TimedEvent event) {
    int hole = event.index;
    if (hole == TimedEvent.NOT_QUEUED) {
      return;
    }
    event.index = TimedEvent.NOT_QUEUED;
    TimedEvent last = at(--size);
    heap[size] = null;
    if (last == event) {
      return;
    }
    siftDown(hole, last);
    if (last.index == hole) {
      siftUp(hole, last);
    }
  }

  private void siftUp(int from, TimedEvent event) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) / ARITY;
      TimedEvent above = at(parent);
      if (!before(event, above)) {
        break;
      }
      place(index, above);
      index = parent;
    }
    place(index, event);
  }

  private void siftDown(int from, TimedEvent event) {
    int index = from;
    while (true) {
      int first = index * ARITY + 1;
      if (first >= size) {
        break;
      }
      int best = first;
      int end = Math.min(first + ARITY, size);
      for (int child = first + 1; child < end; child++) {
        if (before(at(child), at(best))) {
          best = child;
        }
      }
      if (!before(at(best), event)) {
        break;
      }
      place(index, at(best));
      index = best;
    }
    place(index, event);
  }

  private void place(int index, TimedEvent event) {
    heap[index] = event;
    event.index = index;
  }

  @SuppressWarnings("NullAway") // slots below size are never null
  private TimedEvent at(int index) {
    return heap[index];
  }

  private static boolean before(TimedEvent a, TimedEvent b) {
    return a.timeNs < b.timeNs || (a.timeNs == b.timeNs && a.sequence < b.sequence);
  }
}
