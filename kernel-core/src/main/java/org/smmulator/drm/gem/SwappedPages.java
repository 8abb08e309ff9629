package org.smmulator.drm.gem;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.SwapArea;

/**
 * The bytes of a buffer that has no pages. Kernel: the swap entries of its shmem file, {@code
 * shmem_writeout()}.
 */
public final class SwappedPages {
  private final PageAllocator allocator;
  private final SwapArea swap;
  private final int[] slots;

  private SwappedPages(PageAllocator allocator, int pages) {
    this.allocator = allocator;
    this.swap = allocator.reclaim().swap();
    this.slots = new int[pages];
  }

  /** Returns whether swap has room for a buffer of {@code sizeBytes}. */
  public static boolean hasRoom(PageAllocator allocator, long sizeBytes) {
    return allocator.reclaim().swap().freePages() >= sizeBytes >>> PAGE_SHIFT;
  }

  /** Stores what {@code pages} hold, for which there is room; the pages stay. */
  public static SwappedPages of(PageAllocator allocator, GemPages pages, long sizeBytes) {
    SwappedPages made = new SwappedPages(allocator, (int) (sizeBytes >>> PAGE_SHIFT));
    for (int i = 0; i < made.slots.length; i++) {
      made.slots[i] = made.swap.store(pages.pa((long) i << PAGE_SHIFT));
    }
    return made;
  }

  /**
   * Allocates pages and fills them; what was stored is gone then.
   *
   * @throws ErrnoException ENOMEM; it is still stored then
   */
  public GemPages bringBack(PageOwner owner, GemPages.Placement placement) throws ErrnoException {
    GemPages pages = new GemPages(allocator, owner, (long) slots.length << PAGE_SHIFT, placement);
    for (int i = 0; i < slots.length; i++) {
      swap.load(slots[i], pages.pa((long) i << PAGE_SHIFT));
    }
    discard();
    return pages;
  }

  /** Forgets what was stored. */
  public void discard() {
    for (int slot : slots) {
      swap.free(slot);
    }
  }
}
