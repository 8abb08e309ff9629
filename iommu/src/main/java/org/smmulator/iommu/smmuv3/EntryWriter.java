package org.smmulator.iommu.smmuv3;

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
final class EntryWriter {
  private static final int NONE = -1;
  private static final int SEVERAL = -2;

  private final Dram dram;
  private final EntryRules rules;
  private final Runnable sync;

  /**
   * Makes a writer for entries of one kind.
   *
   * @param sync returns when the hardware uses nothing that it read before; called only if
   *     something was written
   */
  EntryWriter(Dram dram, EntryRules rules, Runnable sync) {
    this.dram = dram;
    this.rules = rules;
    this.sync = sync;
  }

  /** Makes the entry at {@code pa} be {@code target}. */
  void write(long pa, Entry target) {
    Entry current = Entry.load(dram, pa);
    Entry prepared = prepared(current, target);
    int critical = criticalWord(prepared, target);
    if (critical == SEVERAL) {
      prepared.set(0, 0);
      store(pa, prepared, 0, 1);
      store(pa, target, 1, Entry.WORDS);
      store(pa, target, 0, 1);
    } else if (critical == NONE) {
      store(pa, target, 0, Entry.WORDS);
    } else {
      // What does not matter in that word is written with it, in the next step.
      prepared.set(critical, current.word(critical));
      store(pa, prepared, 0, Entry.WORDS);
      store(pa, target, critical, critical + 1);
      store(pa, target, 0, Entry.WORDS);
    }
  }

  /** {@code current} with everything changed already that the hardware does not look at now. */
  private Entry prepared(Entry current, Entry target) {
    Entry used = rules.used(current);
    Entry usedLater = rules.used(target);
    Entry safe = rules.safe(current, target);
    Entry prepared = new Entry();
    for (int i = 0; i < Entry.WORDS; i++) {
      // A safe bit that one of the two does not use is sequenced as any other.
      long fixed = used.word(i) & ~(safe.word(i) & usedLater.word(i));
      prepared.set(i, (current.word(i) & fixed) | (target.word(i) & ~fixed));
    }
    return prepared;
  }

  /** The one word that still has to change for {@code target} to be in effect. */
  private int criticalWord(Entry prepared, Entry target) {
    Entry usedLater = rules.used(target);
    int critical = NONE;
    for (int i = 0; i < Entry.WORDS; i++) {
      if ((prepared.word(i) & usedLater.word(i)) != target.word(i)) {
        critical = critical == NONE ? i : SEVERAL;
      }
    }
    return critical;
  }

  /** Kernel: {@code entry_set()}. */
  private void store(long pa, Entry from, int start, int end) {
    boolean changed = false;
    for (int i = start; i < end; i++) {
      long wordPa = Entry.wordPa(pa, i);
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
