package org.smmulator.hw.smmuv2;

/** The TLB as one context bank sees it: under the bank's current ASID, and under every ASID. */
final class BankTlb {
  private final Tlb tlb;
  private final AsidTags tags;

  private int asid;
  private long tag;
  private long globalTag;

  // The sizes that entries were filled with since the bank last forgot all, as masks of shifts.
  private long sizes;
  private long globalSizes;

  BankTlb(Tlb tlb, int bank) {
    this.tlb = tlb;
    this.tags = tlb.tags(bank);
    retag();
  }

  /** Says under which ASID transactions come from now on. */
  void select(int newAsid) {
    asid = newAsid;
    retag();
  }

  /** The leaf for {@code iova}, or {@link Tlb#MISS}. */
  long find(long iova) {
    long leaf = tlb.find(iova, tag, sizes);
    if (leaf != Tlb.MISS || globalSizes == 0) {
      return leaf;
    }
    return tlb.find(iova, globalTag, globalSizes);
  }

  void fill(long iova, long leaf) {
    long size = 1L << Leaf.shift(leaf);
    if (Leaf.isGlobal(leaf)) {
      globalSizes |= size;
      tlb.fill(iova, globalTag, tags.owner(AsidTags.GLOBAL), leaf);
    } else {
      sizes |= size;
      tlb.fill(iova, tag, tags.owner(asid), leaf);
    }
  }

  /** Forgets {@code iova} under {@code ofAsid}, and where it holds under every ASID. */
  void invalidateAddress(long iova, int ofAsid) {
    tlb.drop(iova, tags.of(ofAsid), sizes);
    tlb.drop(iova, globalTag, globalSizes);
  }

  /** Forgets all of {@code ofAsid}; entries that hold under every ASID stay. */
  void invalidateAsid(int ofAsid) {
    tags.retire(ofAsid);
    retag();
  }

  void invalidateAll() {
    tags.retireAll();
    sizes = 0;
    globalSizes = 0;
    retag();
  }

  private void retag() {
    tag = tags.of(asid);
    globalTag = tags.of(AsidTags.GLOBAL);
  }
}
