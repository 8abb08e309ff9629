package org.smmulator.hw.smmuv2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The TLB as one context bank sees it: leaves, and the pointers to tables that its walks met, under
 * the bank's current VMID and ASID, and under every ASID.
 */
public final class BankTlb {
  private final Tlb leaves;

  /** The walk cache; null if there is none. */
  private final @Nullable Tlb tables;

  private final AsidTags tags;
  private final Front front;

  private long space;
  private long tag;
  private long globalTag;

  // The sizes that entries were filled with since the bank last forgot all, as masks of shifts.
  private long sizes;
  private long globalSizes;
  private long tableSizes;

  private BankTlb(Tlb leaves, @Nullable Tlb tables, AsidTags tags) {
    this.leaves = leaves;
    this.tables = tables;
    this.tags = tags;
    this.front = leaves.front(tags.bank());
    retag();
  }

  /** The views of {@code count} banks on what they share. */
  public static BankTlb[] row(int count, SmmuV2Config.Tlb config) {
    AsidTags[] tags = new AsidTags[count];
    AsidTags.Source source = new AsidTags.Source();
    Arrays.setAll(tags, bank -> new AsidTags(bank, source));
    Tlb leaves = new Tlb(config.entries(), tags);
    boolean cachesWalks = config.walkEntries() != SmmuV2Config.Tlb.NONE;
    Tlb tables = cachesWalks ? new Tlb(config.walkEntries(), tags) : null;
    BankTlb[] row = new BankTlb[count];
    Arrays.setAll(row, bank -> new BankTlb(leaves, tables, tags[bank]));
    return row;
  }

  /** Says under which VMID and ASID transactions come from now on. */
  public void select(long newSpace) {
    if (newSpace != space) {
      space = newSpace;
      retag();
    }
  }

  /** {@link Leaf#ofPage} for {@code iova} if it was asked for lately, or {@link Tlb#MISS}. */
  long findInFront(long iova) {
    return front.find(iova);
  }

  /** The leaf for {@code iova}, or {@link Tlb#MISS}. */
  public long find(long iova) {
    long leaf = leaves.find(iova, tag, sizes);
    if (leaf == Tlb.MISS && globalSizes != 0) {
      leaf = leaves.find(iova, globalTag, globalSizes);
    }
    if (leaf != Tlb.MISS) {
      front.put(iova, Leaf.ofPage(leaf, iova));
    }
    return leaf;
  }

  public void fill(long iova, long leaf) {
    long size = 1L << Leaf.shift(leaf);
    if (Leaf.isGlobal(leaf)) {
      globalSizes |= size;
      leaves.fill(iova, globalTag, tags.owner(AsidTags.globalOf(space)), leaf);
    } else {
      sizes |= size;
      leaves.fill(iova, tag, tags.owner(space), leaf);
    }
    front.put(iova, Leaf.ofPage(leaf, iova));
  }

  /** The lowest table on the way to {@code iova} that is known, or {@link Tlb#MISS}. */
  long findTable(long iova) {
    return tables == null ? Tlb.MISS : tables.find(iova, tag, tableSizes);
  }

  /** Remembers a table; see {@link Leaf#table}. */
  void fillTable(long iova, long table) {
    if (tables != null) {
      tableSizes |= 1L << Leaf.shift(table);
      tables.fill(iova, tag, tags.owner(space), table);
    }
  }

  /** Forgets the leaf of {@code iova} in {@code ofSpace}, and where it holds under every ASID. */
  void invalidateLeaf(long iova, long ofSpace) {
    leaves.drop(iova, tags.of(ofSpace), sizes);
    leaves.drop(iova, tags.of(AsidTags.globalOf(ofSpace)), globalSizes);
    front.clear();
  }

  /** As {@link #invalidateLeaf}, and every table on the way to it. */
  void invalidateAddress(long iova, long ofSpace) {
    invalidateLeaf(iova, ofSpace);
    if (tables != null) {
      tables.drop(iova, tags.of(ofSpace), tableSizes);
    }
  }

  /** Forgets all of {@code ofSpace}; entries that hold under every ASID stay. */
  void invalidateSpace(long ofSpace) {
    tags.retire(ofSpace);
    retag();
  }

  void invalidateVmid(int vmid) {
    tags.retireVmid(vmid);
    retag();
  }

  void invalidateAll() {
    tags.retireAll();
    sizes = 0;
    globalSizes = 0;
    tableSizes = 0;
    retag();
  }

  private void retag() {
    tag = tags.of(space);
    globalTag = tags.of(AsidTags.globalOf(space));
    front.clear();
  }
}
