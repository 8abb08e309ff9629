package org.smmulator.hw.engines;

import java.lang.foreign.MemorySegment;

/** The function at the other end of the cable: it keeps bytes and gives them back in that order. */
final class LoopbackFifo {
  private final int capacity;
  private final MemorySegment bytes;
  private long head;
  private long tail;

  LoopbackFifo(int capacity) {
    this.capacity = capacity;
    this.bytes = MemorySegment.ofArray(new byte[capacity]);
  }

  /** The number of bytes that it could take. */
  long room() {
    return capacity - (tail - head);
  }

  /** The number of bytes that it could give. */
  long filled() {
    return tail - head;
  }

  /** Takes {@code count} bytes of {@code from}, which there is room for. */
  void put(MemorySegment from, long count) {
    for (long done = 0; done < count; ) {
      long at = (tail + done) % capacity;
      long run = Math.min(count - done, capacity - at);
      MemorySegment.copy(from, done, bytes, at, run);
      done += run;
    }
    tail += count;
  }

  /** Shows the next {@code count} bytes, which are there; {@link #drop} takes them away. */
  void peek(MemorySegment to, long count) {
    for (long done = 0; done < count; ) {
      long at = (head + done) % capacity;
      long run = Math.min(count - done, capacity - at);
      MemorySegment.copy(bytes, at, to, done, run);
      done += run;
    }
  }

  void drop(long count) {
    head += count;
  }

  void clear() {
    head = tail;
  }
}
