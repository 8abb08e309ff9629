package org.smmulator.hw.vmsa;

import org.jspecify.annotations.Nullable;

/**
 * One address space as a {@link Tlb} tells them apart: an ASID of a VMID, say.
 *
 * <p>Made by the TLB, and good for as long as that is; forgetting a space only changes its tag.
 */
public final class Space {
  final int index;

  /** What the space's entries are marked with now. */
  long tag;

  /** The sizes that entries were filled with since all was forgotten, as a mask of shifts. */
  long sizes;

  /** The same space in the walk cache, if there is one. */
  final @Nullable Space walks;

  Space(int index, long tag, @Nullable Space walks) {
    this.index = index;
    this.tag = tag;
    this.walks = walks;
  }

  /** Whether the TLB is sure to have nothing of this space. */
  public boolean isEmpty() {
    return sizes == 0;
  }
}
