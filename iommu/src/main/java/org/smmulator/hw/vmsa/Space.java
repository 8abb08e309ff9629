package org.smmulator.hw.vmsa;

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

  Space(int index, long tag) {
    this.index = index;
    this.tag = tag;
  }

  /** Whether the TLB is sure to have nothing of this space. */
  public boolean isEmpty() {
    return sizes == 0;
  }
}
