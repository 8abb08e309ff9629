package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;

import java.util.ArrayDeque;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/** The memory that one LPAE table is made of: frames of one granule, and a root. */
// A root smaller than a granule gets a granule all the same. The kernel allocates as little as 64
// bytes, and a map or unmap of blocks at the root level counts "entries left in the table page" as
// if the page were full, so there it can run past the end. Here what it runs into is the root's
// own.
final class TableFrames {
  private final PageAllocator pages;
  private final PageOwner owner;
  private final int tableOrder;
  private final int rootOrder;

  /** Set aside, and not used yet. */
  private final ArrayDeque<Long> reserve = new ArrayDeque<>();

  /** The number of tables that the open reserves hold or have used. */
  private long promised;

  TableFrames(PageAllocator pages, PageOwner owner, LpaeGeometry geometry) {
    this.pages = pages;
    this.owner = owner;
    this.tableOrder = geometry.granuleShift() - PAGE_SHIFT;
    int rootShift = geometry.rootBits() + LpaeGeometry.ENTRY_SHIFT;
    this.rootOrder = Math.max(rootShift - PAGE_SHIFT, tableOrder);
  }

  /** Takes the root, all zero, aligned to its size. */
  long allocRoot() throws ErrnoException {
    return pages.alloc(rootOrder, owner);
  }

  /** Takes a table, all zero, aligned to its size; {@link PageAllocator#NONE} if there is none. */
  long tryAllocTable() {
    long pa = pages.tryAlloc(tableOrder, owner);
    return pa != PageAllocator.NONE || reserve.isEmpty() ? pa : reserve.pop();
  }

  /**
   * Sets {@code count} tables aside until the result is closed.
   *
   * @throws ErrnoException ENOMEM, and nothing is set aside
   */
  TableReserve reserve(long count) throws ErrnoException {
    if (count > pages.capacityPages() >>> tableOrder) {
      throw ENOMEM.because("%d table pages, more than the machine has", count);
    }
    Reserve made = new Reserve(count);
    while (reserve.size() < promised) {
      long pa = pages.tryAlloc(tableOrder, owner);
      if (pa == PageAllocator.NONE) {
        made.close();
        throw ENOMEM.because("%d table pages", count);
      }
      reserve.push(pa);
    }
    return made;
  }

  private final class Reserve implements TableReserve {
    private long count;

    Reserve(long count) {
      this.count = count;
      promised += count;
    }

    @Override
    public void close() {
      promised -= count;
      count = 0;
      freeSpare();
    }
  }

  private void freeSpare() {
    while (!reserve.isEmpty() && reserve.size() > promised) {
      freeTable(reserve.pop());
    }
  }

  /** The table goes, and with it what was set aside. */
  void freeRoot(long pa) {
    promised = 0;
    freeSpare();
    pages.free(pa, rootOrder, owner);
  }

  void freeTable(long pa) {
    pages.free(pa, tableOrder, owner);
  }
}
