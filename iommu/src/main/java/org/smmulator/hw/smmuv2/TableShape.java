package org.smmulator.hw.smmuv2;

/**
 * Where the tables of a context bank are and how a walk goes through them, for one half of its
 * addresses: what the bank's registers come to, worked out when they change and not at each walk.
 */
final class TableShape {
  /** What {@code address >> inputBits} of a covered address is: 0, or -1 in the upper half. */
  long top;

  /** Whether the registers describe any tables at all. */
  boolean usable;

  /** How many low bits of an address the tables resolve. */
  int inputBits;

  /** The root's physical, or intermediate, address. */
  long root;

  int startLevel;

  /** How many bits of an address index the root. */
  int rootBits;

  /** 12, 14 or 16. */
  int granuleShift;

  /** How many bits an output address may have. */
  int outputBits;

  /** Whether the tables have anything to say of {@code address}. */
  boolean covers(long address) {
    return usable && address >> inputBits == top;
  }

  /** There are no tables; a walk faults at {@code level}. */
  void close(int level) {
    usable = false;
    startLevel = level;
  }

  /** The level at which leaves of {@code 1 << shift} bytes are. */
  int levelOf(int shift) {
    return usable ? 3 - (shift - granuleShift) / (granuleShift - 3) : 3;
  }

  /** Says that there are tables. The root's entries are 8 bytes each, and it is aligned to them. */
  void open(long ttbr, int input, int level, int granule, int output) {
    usable = true;
    inputBits = input;
    startLevel = level;
    granuleShift = granule;
    rootBits = input - granule - (granule - 3) * (3 - level);
    outputBits = output;
    root = ttbr & Walker.OUTPUT_ADDRESS & -(8L << rootBits);
  }
}
