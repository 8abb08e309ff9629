package org.smmulator.hw.smmuv2;

/**
 * Where the tables of a context bank are and how a walk goes through them, for some of its
 * addresses: what the bank's registers come to, worked out when they change and not at each walk.
 */
public final class TableShape {
  private static final int SHORT_ENTRY_SHIFT = 20;
  private static final int SHORT_OUTPUT_BITS = 40;

  /** Whether the registers describe any tables at all. */
  private boolean usable;

  /** The addresses that the tables resolve, both ends included, as signed numbers. */
  private long first;

  private long last;

  /** The level of the fault of an address that is not among them. */
  int outsideLevel;

  /** The root's physical, or intermediate, address. */
  long root;

  int startLevel;

  /** How many bits of an address index the root. */
  int rootBits;

  /** 12, 14 or 16. */
  int granuleShift;

  /** How many bits an output address may have. */
  int outputBits;

  /** Whether short descriptors have an access flag in the place of AP[0]: SCTLR.AFE. */
  boolean accessFlag;

  /** Whether there are tables. */
  boolean isOpen() {
    return usable;
  }

  /** Whether the tables have anything to say of {@code address}. */
  public boolean covers(long address) {
    return usable && first <= address && address <= last;
  }

  /** There are no tables; a walk faults at {@code level}. */
  void close(int level) {
    usable = false;
    startLevel = level;
    outsideLevel = level;
  }

  /** Says which addresses the tables resolve, and at which level the others fault. */
  TableShape resolve(long firstAddress, long lastAddress, int faultLevel) {
    usable = true;
    first = firstAddress;
    last = lastAddress;
    outsideLevel = faultLevel;
    return this;
  }

  /**
   * Says that there are tables of long descriptors: 8 bytes each, to which the root is aligned.
   *
   * @param input how many low bits of an address they resolve
   */
  void open(long ttbr, int input, int level, int granule, int output) {
    startLevel = level;
    granuleShift = granule;
    rootBits = input - granule - (granule - 3) * (3 - level);
    outputBits = output;
    root = ttbr & LongWalker.OUTPUT_ADDRESS & -(8L << rootBits);
  }

  /** Says that there are tables of short descriptors: 4 bytes each. */
  void openShort(int ttbr, int input, boolean hasAccessFlag, int output) {
    startLevel = 1;
    rootBits = input - SHORT_ENTRY_SHIFT;
    outputBits = Math.min(output, SHORT_OUTPUT_BITS);
    accessFlag = hasAccessFlag;
    root = Integer.toUnsignedLong(ttbr) & -(4L << rootBits);
  }
}
