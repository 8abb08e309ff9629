package org.smmulator.kernel.task;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;

/**
 * Pending events by time; those of one moment in the order in which they were added.
 *
 * <p>A hierarchical timing wheel that is exact to the nanosecond. Adding, cancelling and taking the
 * first cost the same with a hundred events pending as with a hundred thousand.
 */
// # Slots
// A time is a number of eleven digits of six bits. An event lies at the level of the highest digit
// in which it differs from `base`, in the slot of that digit: level 0 slots hold one moment each,
// higher ones a range. Nothing is earlier than `base`, so the first event is in the lowest occupied
// slot of the lowest occupied level, which a bit map a level finds at once.
//
// # Order
// When the first event is taken, `base` becomes its time, and the slot it came from is dealt out to
// lower levels in list order. An event can only be added below a slot after that slot was dealt
// out,
// so events of one moment stay in the order in which they came.
//
// # Looking is not taking
// firstTimeNs() must not move `base`: an earlier event may still be added. It scans the slot, once
// for each time the slot is dealt out, and remembers the answer.
final class EventWheel {
  private static final int DIGIT_BITS = 6;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int LEVELS = 11;
  private static final long UNKNOWN = -1;

  private final @Nullable TimedEvent[] heads = new TimedEvent[LEVELS * SLOTS];
  private final @Nullable TimedEvent[] tails = new TimedEvent[LEVELS * SLOTS];
  private final long[] occupied = new long[LEVELS];
  private long base;
  private int size;
  private long firstTimeNs = Long.MAX_VALUE;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The time of the first event; {@link Long#MAX_VALUE} if there is none. */
  long firstTimeNs() {
    if (firstTimeNs == UNKNOWN) {
      firstTimeNs = size == 0 ? Long.MAX_VALUE : earliestIn(firstSlot());
    }
    return firstTimeNs;
  }

  /** Adds {@code event}; {@code timeNs} is not before the last event that was taken. */
  void add(TimedEvent event, long timeNs) {
    checkState(!event.isQueued(), "the event is already queued");
    checkState(timeNs >= base, "an event in the past");
    event.timeNs = timeNs;
    append(event);
    size++;
    if (firstTimeNs != UNKNOWN && timeNs < firstTimeNs) {
      firstTimeNs = timeNs;
    }
  }

  /** Takes the first event out; there must be one. */
  TimedEvent removeFirst() {
    base = firstTimeNs();
    int slot = firstSlot();
    if (slot >= SLOTS) {
      dealOut(slot);
    }
    TimedEvent first = head((int) (base & (SLOTS - 1)));
    remove(first);
    return first;
  }

  /** Takes {@code event} out; no effect if it is not queued. */
  void remove(TimedEvent event) {
    if (!event.isQueued()) {
      return;
    }
    unlink(event);
    size--;
    if (event.timeNs == firstTimeNs) {
      firstTimeNs = UNKNOWN;
    }
  }

  private void append(TimedEvent event) {
    long differing = event.timeNs ^ base;
    int level = differing == 0 ? 0 : (63 - Long.numberOfLeadingZeros(differing)) / DIGIT_BITS;
    int digit = (int) (event.timeNs >>> (level * DIGIT_BITS)) & (SLOTS - 1);
    int slot = level * SLOTS + digit;
    TimedEvent tail = tails[slot];
    event.slot = slot;
    event.previous = tail;
    if (tail == null) {
      heads[slot] = event;
      occupied[level] |= 1L << digit;
    } else {
      tail.next = event;
    }
    tails[slot] = event;
  }

  private void unlink(TimedEvent event) {
    int slot = event.slot;
    if (event.previous == null) {
      heads[slot] = event.next;
    } else {
      event.previous.next = event.next;
    }
    if (event.next == null) {
      tails[slot] = event.previous;
    } else {
      event.next.previous = event.previous;
    }
    if (heads[slot] == null) {
      occupied[slot / SLOTS] &= ~(1L << (slot % SLOTS));
    }
    event.previous = null;
    event.next = null;
    event.slot = TimedEvent.NOT_QUEUED;
  }

  private void dealOut(int slot) {
    TimedEvent event = heads[slot];
    heads[slot] = null;
    tails[slot] = null;
    occupied[slot / SLOTS] &= ~(1L << (slot % SLOTS));
    while (event != null) {
      TimedEvent next = event.next;
      event.next = null;
      append(event);
      event = next;
    }
  }

  private int firstSlot() {
    int level = 0;
    while (occupied[level] == 0) {
      level++;
    }
    return level * SLOTS + Long.numberOfTrailingZeros(occupied[level]);
  }

  private long earliestIn(int slot) {
    TimedEvent first = head(slot);
    long earliest = first.timeNs;
    if (slot >= SLOTS) { // a slot of level 0 holds one moment
      for (TimedEvent event = first.next; event != null; event = event.next) {
        earliest = Math.min(earliest, event.timeNs);
      }
    }
    return earliest;
  }

  @SuppressWarnings("NullAway") // the slot is occupied
  private TimedEvent head(int slot) {
    return heads[slot];
  }
}
