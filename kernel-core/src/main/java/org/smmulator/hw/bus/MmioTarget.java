package org.smmulator.hw.bus;

/**
 * A block of registers as the bus reaches it: what a hardware model implements.
 *
 * <p>Offsets are bytes from the start of the block, word aligned and inside the block.
 */
public interface MmioTarget {
  /** Answers a 32-bit load. */
  int read32(int offset);

  /** Takes a 32-bit store. */
  void write32(int offset, int value);

  /** Answers a 64-bit load; by default two 32-bit loads, low half first. */
  default long read64(int offset) {
    long low = Integer.toUnsignedLong(read32(offset));
    return low | (long) read32(offset + 4) << 32;
  }

  /** Takes a 64-bit store; by default two 32-bit stores, low half first. */
  default void write64(int offset, long value) {
    write32(offset, (int) value);
    write32(offset + 4, (int) (value >>> 32));
  }
}
