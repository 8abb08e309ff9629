package org.smmulator.hw.smmuv3;

import static com.google.common.base.Preconditions.checkNotNull;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.hw.vmsa.Walker;

/** Stage 2 of the stream that is being translated: the TLB's entries by IPA, or else a walk. */
final class IpaTranslation implements Walker.SecondStage {
  private static final long READ = Leaf.rightsFor(BusMaster.READ);

  private final Tlb tlb;
  private final Walker walker;
  private @Nullable Tables tables;
  private @Nullable Space space;
  private int steps;
  private long faultIpa;

  IpaTranslation(Tlb tlb, Dram dram) {
    this.tlb = tlb;
    this.walker = new Walker(dram, tlb);
  }

  /** Takes the addresses to come for those of a stream with these tables. */
  void enter(Tables ofStream, Space itsSpace) {
    tables = ofStream;
    space = itsSpace;
    steps = 0;
  }

  /** How many descriptors were read since {@link #enter}. */
  int steps() {
    return steps;
  }

  /** The input of stage 2 when it last faulted. */
  long faultIpa() {
    return faultIpa;
  }

  /** The physical address of the descriptor that met the last external abort. */
  long faultAddress() {
    return walker.faultAddress();
  }

  /** The leaf for {@code ipa}, or a stage-2 fault of {@code ofClass}. */
  long leaf(long ipa, int ofClass) {
    Space from = checkNotNull(space);
    long leaf = tlb.find(from, ipa);
    if (leaf != Leaf.MISS) {
      return leaf;
    }
    Tables through = checkNotNull(tables);
    leaf = walk(through, from, ipa);
    if (Leaf.isFault(leaf)) {
      faultIpa = ipa;
      return Leaf.stage2Fault(leaf, ofClass);
    }
    tlb.fill(from, ipa, leaf, through);
    return leaf;
  }

  @Override
  public long locate(long ipa) {
    return locate(ipa, Leaf.CLASS_TABLE);
  }

  /** The physical address of a structure that the SMMU itself reads, or a stage-2 fault. */
  long locate(long ipa, int ofClass) {
    long leaf = leaf(ipa, ofClass);
    if (Leaf.isFault(leaf)) {
      return leaf;
    }
    if (!Leaf.allows(leaf, READ)) {
      faultIpa = ipa;
      return Leaf.stage2Fault(Leaf.fault(Leaf.PERMISSION, 0), ofClass);
    }
    return Leaf.pa(leaf, ipa);
  }

  private long walk(Tables through, Space from, long ipa) {
    if (!through.cover(ipa)) {
      return Leaf.fault(Leaf.TRANSLATION, 0);
    }
    long leaf = walker.walk(through, from, ipa, 0, null);
    steps += walker.steps();
    return leaf;
  }
}
