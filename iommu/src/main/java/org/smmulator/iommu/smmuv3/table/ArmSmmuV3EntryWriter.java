package org.smmulator.iommu.smmuv3.table;

import org.smmulator.hw.dram.Dram;

/**
 * Turns one entry into another while the hardware may read it, without disturbing it if that can
 * be.
 *
 * <p>Kernel: {@code arm_smmu_write_entry()}.
 */
// The hardware reads 64 bits at a time, and none of them twice: between two syncs it may see any
// mixture of the words before and after. So at each sync the entry must mean, in the bits that the
// hardware looks at, either the old or the new. That works out whenever all bits that matter to
// both
// stand in one word: first everything around it that does not matter yet is written, then that
// word, then what does not matter any more. If two words would have to change together, the entry
// is made invalid meanwhile, and transactions in that moment are refused.
public final class ArmSmmuV3EntryWriter {
  private static final int NONE = -1;
  private static final int SEVERAL = -2;

  private final Dram dram;
  private final ArmSmmuV3EntryWriterOps rules;
  private final Runnable sync;

  /**
   * Makes a writer for entries of one kind.
   *
   * @param sync returns when the hardware uses nothing that it read before; called only if
   *     something was written
   */
  public ArmSmmuV3EntryWriter(Dram dram, ArmSmmuV3EntryWriterOps rules, Runnable sync) {
    this.dram = dram;
    this.rules = rules;
    this.sync = sync;
  }

  /** Makes the entry at {@code pa} be {@code target}. */
  public void write(long pa, ArmSmmuV3Entry target) {
    ArmSmmuV3Entry current = ArmSmmuV3Entry.load(dram, pa);
    ArmSmmuV3Entry prepared = prepared(current, target);
    int critical = criticalWord(prepared, target);
    if (critical == SEVERAL) {
      prepared.set(0, 0);
      store(pa, prepared, 0, 1);
      store(pa, target, 1, ArmSmmuV3Entry.WORDS);
      store(pa, target, 0, 1);
    } else if (critical == NONE) {
      store(pa, target, 0, ArmSmmuV3Entry.WORDS);
    } else {
      // What does not matter in that word is written with it, in the next step.
      prepared.set(critical, current.word(critical));
      store(pa, prepared, 0, ArmSmmuV3Entry.WORDS);
      store(pa, target, critical, critical + 1);
      store(pa, target, 0, ArmSmmuV3Entry.WORDS);
    }
  }

  /** {@code current} with everything changed already that the hardware does not look at now. */
  private ArmSmmuV3Entry prepared(ArmSmmuV3Entry current, ArmSmmuV3Entry target) {
    ArmSmmuV3Entry used = rules.used(current);
    ArmSmmuV3Entry usedLater = rules.used(target);
    ArmSmmuV3Entry safe = rules.safe(current, target);
    ArmSmmuV3Entry prepared = new ArmSmmuV3Entry();
    for (int i = 0; i < ArmSmmuV3Entry.WORDS; i++) {
      // A safe bit that one of the two does not use is sequenced as any other.
      long fixed = used.word(i) & ~(safe.word(i) & usedLater.word(i));
      prepared.set(i, (current.word(i) & fixed) | (target.word(i) & ~fixed));
    }
    return prepared;
  }

  /** The one word that still has to change for {@code target} to be in effect. */
  private int criticalWord(ArmSmmuV3Entry prepared, ArmSmmuV3Entry target) {
    ArmSmmuV3Entry usedLater = rules.used(target);
    int critical = NONE;
    for (int i = 0; i < ArmSmmuV3Entry.WORDS; i++) {
      if ((prepared.word(i) & usedLater.word(i)) != target.word(i)) {
        critical = critical == NONE ? i : SEVERAL;
      }
    }
    return critical;
  }

  /** Kernel: {@code entry_set()}. */
  private void store(long pa, ArmSmmuV3Entry from, int start, int end) {
    boolean changed = false;
    for (int i = start; i < end; i++) {
      long wordPa = ArmSmmuV3Entry.wordPa(pa, i);
      if (dram.getLong(wordPa) != from.word(i)) {
        dram.putLong(wordPa, from.word(i));
        changed = true;
      }
    }
    if (changed) {
      sync.run();
    }
  }
}
