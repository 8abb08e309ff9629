package org.smmulator.hw.vmsa;

/**
 * One set of tables: what a base register and its control register say about it.
 *
 * @param base where the first level is: an IPA for a stage 1 that is nested, else physical
 * @param upper whether the tables are for the addresses that begin with ones
 * @param inputBits how many low bits of an address the tables resolve
 * @param granuleShift 12, 14 or 16
 * @param startLevel the level of the first table; in stage 2 it may be several in a row
 * @param outputBits how wide an output address may be
 * @param updates what the hardware writes into descriptors
 */
public record Tables(
    long base,
    boolean upper,
    int inputBits,
    int granuleShift,
    int startLevel,
    int outputBits,
    Updates updates) {
  /** Whether a walk may change the descriptors of stage 1. Arm ARM, FEAT_HAFDBS. */
  public enum Updates {
    NONE,
    /** An access flag that is clear is set instead of faulting. */
    ACCESS_FLAG,
    /** Moreover, a page that is marked as watched becomes writable by being written to. */
    ACCESS_FLAG_AND_DIRTY
  }

  static final int LAST_LEVEL = 3;

  /** Tables of stage 1, whose first level follows from how much they resolve. */
  public static Tables stage1(
      long base, boolean upper, int inputBits, int granuleShift, int outputBits, Updates updates) {
    int stride = granuleShift - 3;
    int levels = (inputBits - granuleShift + stride - 1) / stride;
    int start = LAST_LEVEL + 1 - levels;
    return new Tables(base, upper, inputBits, granuleShift, start, outputBits, updates);
  }

  /** Tables of stage 2, which start where software says. */
  public static Tables stage2(
      long base, int inputBits, int granuleShift, int startLevel, int outputBits) {
    return new Tables(base, false, inputBits, granuleShift, startLevel, outputBits, Updates.NONE);
  }

  /** Whether {@code address} is one that the tables resolve. */
  public boolean cover(long address) {
    return address >> inputBits == (upper ? -1 : 0);
  }

  /** The first address bit that a table of {@code level} does not resolve. */
  public int shiftOf(int level) {
    return granuleShift + (granuleShift - 3) * (LAST_LEVEL - level);
  }

  /** How many address bits index the first level; negative or zero makes no sense. */
  public int startIndexBits() {
    return inputBits - shiftOf(startLevel);
  }
}
