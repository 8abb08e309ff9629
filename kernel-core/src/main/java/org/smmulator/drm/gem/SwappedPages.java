package org.smmulator.drm.gem;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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

  /**
   * Takes room in swap for a buffer of {@code sizeBytes}, before its pages are taken from whoever
   * uses them: that takes time, in which another buffer may go to swap. Null if there is too
   * little.
   */
  public static @Nullable SwappedPages reserve(PageAllocator allocator, long sizeBytes) {
    SwappedPages made = new SwappedPages(allocator, (int) (sizeBytes >>> PAGE_SHIFT));
    if (made.swap.freePages() < made.slots.length) {
      return null;
    }
    Arrays.setAll(made.slots, _ -> made.swap.take());
    return made;
  }

  /** Stores what {@code pages} hold; the pages stay. */
  public void store(GemPages pages) {
    for (int i = 0; i < slots.length; i++) {
      swap.store(slots[i], pages.pa((long) i << PAGE_SHIFT));
    }
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

  /** Gives the room back, with what was stored there. */
  public void discard() {
    for (int slot : slots) {
      swap.free(slot);
    }
  }
}
