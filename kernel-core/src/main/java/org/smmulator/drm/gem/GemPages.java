package org.smmulator.drm.gem;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.mm.PageAllocator.NONE;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/**
 * The pages behind a buffer, which a client can map and a device can reach.
 *
 * <p>Scattered pages are never neighbours in memory when they are in the buffer (buffers of three
 * pages and more), so that code which takes one for the other shows.
 */
public final class GemPages {
  /** How buffers lie in memory: a setting of the machine. */
  public enum Placement {
    CONTIGUOUS,
    SCATTERED
  }

  /** Called for one run of pages that lie one behind the other in memory. */
  @FunctionalInterface
  public interface RunVisitor {
    void run(long offset, long pa, long sizeBytes) throws ErrnoException;
  }

  private final PageAllocator allocator;

  /** Owns the pages; null if they are of another device's buffer. */
  private final @Nullable PageOwner owner;

  private final long[] pas;

  /**
   * Allocates the pages, zeroed.
   *
   * @param sizeBytes a multiple of the page size
   * @throws ErrnoException ENOMEM, at once if the machine does not have as much memory; nothing is
   *     allocated then
   */
  public GemPages(PageAllocator allocator, PageOwner owner, long sizeBytes, Placement placement)
      throws ErrnoException {
    if (sizeBytes >>> PAGE_SHIFT > allocator.capacityPages()) {
      throw Errno.ENOMEM.because("%d bytes for %s", sizeBytes, owner);
    }
    this.allocator = allocator;
    this.owner = owner;
    this.pas = new long[(int) (sizeBytes >>> PAGE_SHIFT)];
    switch (placement) {
      case CONTIGUOUS -> allocateRun(owner);
      case SCATTERED -> allocateScattered(owner);
    }
  }

  /** Takes the pages of another device's buffer, which are not given back here. */
  private GemPages(PageAllocator allocator, long[] pas) {
    this.allocator = allocator;
    this.owner = null;
    this.pas = pas;
  }

  /** The pages of a buffer that another device made, as long as that lives. */
  public static GemPages imported(PageAllocator allocator, PrimeImport from) {
    long[] pas = from.pages().toArray();
    long wanted = from.buffer().sizeBytes() >>> PAGE_SHIFT;
    checkState(pas.length == wanted, "%s of %s pages", pas.length, wanted);
    return new GemPages(allocator, pas);
  }

  private void allocateRun(PageOwner owner) throws ErrnoException {
    long first = allocator.allocRun(pas.length, owner);
    for (int i = 0; i < pas.length; i++) {
      pas[i] = first + i * PAGE_SIZE;
    }
  }

  /** Fills the even pages of the buffer first, then the odd ones. */
  private void allocateScattered(PageOwner owner) throws ErrnoException {
    int half = (pas.length + 1) / 2;
    for (int taken = 0; taken < pas.length; taken++) {
      long pa = allocator.tryAlloc(0, owner);
      if (pa == NONE) {
        for (int i = 0; i < taken; i++) {
          allocator.free(pas[slot(i, half)], 0, owner);
        }
        throw Errno.ENOMEM.because("%d pages for %s", pas.length, owner);
      }
      pas[slot(taken, half)] = pa;
    }
  }

  private static int slot(int nth, int half) {
    return nth < half ? 2 * nth : 2 * (nth - half) + 1;
  }

  /** The page that holds the byte at {@code offset}. */
  public long pa(long offset) {
    return pas[(int) (offset >>> PAGE_SHIFT)];
  }

  /**
   * Shows {@code visitor} the buffer as runs, in the buffer's order. Throws what the visitor
   * throws.
   */
  public void forEachRun(RunVisitor visitor) throws ErrnoException {
    int start = 0;
    for (int i = 1; i <= pas.length; i++) {
      if (i == pas.length || pas[i] != pas[i - 1] + PAGE_SIZE) {
        visitor.run((long) start << PAGE_SHIFT, pas[start], (long) (i - start) << PAGE_SHIFT);
        start = i;
      }
    }
  }

  /** Returns a new list of the runs, which no device sees yet. */
  public ScatterList pieces() throws ErrnoException {
    ScatterList pieces = new ScatterList();
    forEachRun((offset, pa, sizeBytes) -> pieces.add(pa, sizeBytes));
    return pieces;
  }

  /** Gives the pages back, unless they are another's; nothing reaches them any more. */
  public void free() {
    if (owner != null) {
      for (long pa : pas) {
        allocator.free(pa, 0, owner);
      }
    }
  }
}
