package org.smmulator.hw.adreno;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Dwords that the command processor works through: the ring, or an indirect buffer.
 *
 * <p>They are fetched ahead, a batch at a time and never beyond what was announced. So a packet
 * that changes the dwords close behind it comes too late, as it does on silicon.
 */
final class CommandStream {
  private static final ValueLayout.OfInt DWORD =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BATCH_DWORDS = 64;
  private static final int NEVER_WRAPS = Integer.MAX_VALUE;

  private final GpuBus memory;
  private final MemorySegment batch = MemorySegment.ofArray(new long[BATCH_DWORDS / 2]);
  private int batchNext;
  private int batchEnd;

  private long baseIova;
  private int position;
  private int left;
  private int wrapAt = NEVER_WRAPS;
  private boolean aborted;

  CommandStream(GpuBus memory) {
    this.memory = memory;
  }

  /** Becomes a buffer of {@code dwords} dwords. */
  void startBuffer(long iova, int dwords) {
    start(iova, NEVER_WRAPS);
    left = dwords;
  }

  /**
   * Becomes a ring of {@code dwords} dwords, a power of two, with nothing in it.
   *
   * @param from the next dword
   */
  void startRing(long iova, int dwords, int from) {
    start(iova, dwords);
    position = from;
  }

  private void start(long iova, int wrap) {
    baseIova = iova;
    wrapAt = wrap;
    position = 0;
    left = 0;
    aborted = false;
    invalidateBatch();
  }

  /** Says how far the ring is filled. */
  void extendTo(int writePointer) {
    left = writePointer - position & wrapAt - 1;
  }

  /** Dwords not yet taken. */
  int left() {
    return left;
  }

  /** The index of the next dword. */
  int position() {
    return position;
  }

  /** Returns whether a fetch since the start was answered by a bus error. */
  boolean aborted() {
    return aborted;
  }

  /** Takes one dword; there must be one left. */
  int next() {
    if (batchNext == batchEnd) {
      fetch();
    }
    int dword = batch.get(DWORD, (long) batchNext * Integer.BYTES);
    batchNext++;
    advance(1);
    return dword;
  }

  /** Passes over {@code dwords} dwords, of which there must be as many left. */
  void skip(int dwords) {
    if (dwords <= batchEnd - batchNext) {
      batchNext += dwords;
    } else {
      invalidateBatch();
    }
    advance(dwords);
  }

  /** Invalidates the dwords that were fetched ahead, so that they are fetched again. */
  void invalidateBatch() {
    batchNext = 0;
    batchEnd = 0;
  }

  private void fetch() {
    int dwords = Math.min(Math.min(left, BATCH_DWORDS), wrapAt - position);
    long iova = baseIova + (long) position * Integer.BYTES;
    aborted |= !memory.read(iova, batch, (long) dwords * Integer.BYTES);
    batchNext = 0;
    batchEnd = dwords;
  }

  private void advance(int dwords) {
    left -= dwords;
    position += dwords;
    if (position >= wrapAt) {
      position -= wrapAt;
    }
  }
}
