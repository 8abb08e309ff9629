package org.smmulator.hw.vmsa;

import org.jspecify.annotations.Nullable;

/**
 * One address space as a {@link Tlb} tells them apart: an ASID of a VMID, or stage 2 of one.
 *
 * <p>Made by the TLB, and good for as long as that is; invalidating a space changes its tag only.
 */
public final class Space {
  final int index;

  /** The space of entries that hold under every ASID of the same regime; null: this one. */
  final @Nullable Space global;

  /** The slots of the TLB's {@link MicroTlb}. */
  final long[] microTlb;

  /** The mark of the space's entries. */
  long tag;

  /** The mark of the space's pages in the micro-TLB. */
  long epoch;

  /** The sizes of the leaves that were filled since the last invalidation, as a mask of shifts. */
  long sizes;

  /** The same of pointers to tables. */
  long tableSizes;

  Space(int index, @Nullable Space global, long[] microTlb) {
    this.index = index;
    this.global = global;
    this.microTlb = microTlb;
  }
}
