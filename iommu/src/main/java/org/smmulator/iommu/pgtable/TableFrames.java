package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;

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
    return pages.tryAlloc(tableOrder, owner);
  }

  void freeRoot(long pa) {
    pages.free(pa, rootOrder, owner);
  }

  void freeTable(long pa) {
    pages.free(pa, tableOrder, owner);
  }
}
