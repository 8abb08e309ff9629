package org.smmulator.kernel.mm;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A process's pagetable in DRAM: four levels, 48-bit addresses, pages of 4 KiB only.
 *
 * <p>Kernel: {@code arch/arm64/mm} and the generic walkers of {@code mm/memory.c}.
 */
final class UserTable {
  /** The first address that no process has. */
  static final long LIMIT = 1L << 48;

  private static final int LAST_LEVEL = 3;
  private static final int BITS_PER_LEVEL = 9;
  private static final int ENTRIES = 1 << BITS_PER_LEVEL;

  private final PageAllocator pages;
  private final Dram dram;
  private final PageOwner owner;
  private final long root;

  UserTable(PageAllocator pages, Dram dram, PageOwner owner) throws ErrnoException {
    this.pages = pages;
    this.dram = dram;
    this.owner = owner;
    this.root = pages.alloc(0, owner);
  }

  /** Returns the value of TTBR0 while the process runs. */
  long base() {
    return root;
  }

  /** The descriptor of the page at {@code va}; 0 if there is none. */
  long lookup(long va) {
    long slot = slot(va);
    return slot == PageAllocator.NONE ? 0 : dram.getLong(slot);
  }

  /** The level at which a walk to {@code va} ends. */
  int levelOf(long va) {
    long table = root;
    for (int level = 0; level < LAST_LEVEL; level++) {
      long entry = dram.getLong(table + 8 * index(va, level));
      if (!UserPte.isValid(entry)) {
        return level;
      }
      table = UserPte.pa(entry);
    }
    return LAST_LEVEL;
  }

  /**
   * Writes the descriptor of the page at {@code va}, making tables on the way.
   *
   * @throws ErrnoException ENOMEM
   */
  void set(long va, long pte) throws ErrnoException {
    long table = root;
    for (int level = 0; level < LAST_LEVEL; level++) {
      long entryPa = table + 8 * index(va, level);
      long entry = dram.getLong(entryPa);
      if (!UserPte.isValid(entry)) {
        entry = UserPte.table(pages.alloc(0, owner));
        dram.putLong(entryPa, entry);
      }
      table = UserPte.pa(entry);
    }
    dram.putLong(table + 8 * index(va, LAST_LEVEL), pte);
  }

  /** Clears the descriptor of the page at {@code va} and returns what it was. */
  long clear(long va) {
    long slot = slot(va);
    long old = dram.getLong(slot);
    dram.putLong(slot, 0);
    return old;
  }

  /**
   * The first page at or above {@code from} that has a descriptor; {@code end} if there is none.
   */
  long nextMapped(long from, long end) {
    long va = from;
    while (va < end) {
      int level = levelOf(va);
      if (level == LAST_LEVEL && UserPte.isValid(lookup(va))) {
        return va;
      }
      long span = span(level);
      va = (va & -span) + span;
    }
    return end;
  }

  /** Gives back the tables that hold nothing any more, of those that cover the range. */
  void prune(long start, long end) {
    var _ = pruneBelow(root, 0, 0, start, end);
  }

  /** Gives everything back; the pages that it points to are their owners' business. */
  void free() {
    freeBelow(root, 0);
  }

  private boolean pruneBelow(long table, int level, long tableVa, long start, long end) {
    if (level < LAST_LEVEL) {
      long span = span(level);
      long first = Math.max(start, tableVa) & -span;
      long last = Math.min(end, tableVa + span * ENTRIES);
      for (long va = first; va < last; va += span) {
        long entryPa = table + 8 * index(va, level);
        long entry = dram.getLong(entryPa);
        if (UserPte.isValid(entry) && pruneBelow(UserPte.pa(entry), level + 1, va, start, end)) {
          dram.putLong(entryPa, 0);
          pages.free(UserPte.pa(entry), 0, owner);
        }
      }
    }
    return isEmpty(table);
  }

  private void freeBelow(long table, int level) {
    for (int i = 0; i < ENTRIES && level < LAST_LEVEL; i++) {
      long entry = dram.getLong(table + 8L * i);
      if (UserPte.isValid(entry)) {
        freeBelow(UserPte.pa(entry), level + 1);
      }
    }
    pages.free(table, 0, owner);
  }

  private boolean isEmpty(long table) {
    for (long pa = table; pa < table + PAGE_SIZE; pa += 8) {
      if (dram.getLong(pa) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the address of the descriptor of {@code va}; NONE if a table is missing. */
  private long slot(long va) {
    long table = root;
    for (int level = 0; level < LAST_LEVEL; level++) {
      long entry = dram.getLong(table + 8 * index(va, level));
      if (!UserPte.isValid(entry)) {
        return PageAllocator.NONE;
      }
      table = UserPte.pa(entry);
    }
    return table + 8 * index(va, LAST_LEVEL);
  }

  private static long index(long va, int level) {
    return (va >>> shift(level)) & (ENTRIES - 1);
  }

  private static long span(int level) {
    return 1L << shift(level);
  }

  private static int shift(int level) {
    return PAGE_SHIFT + BITS_PER_LEVEL * (LAST_LEVEL - level);
  }
}
