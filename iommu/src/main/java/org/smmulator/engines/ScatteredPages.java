package org.smmulator.engines;

import static org.smmulator.kernel.mm.PageAllocator.NONE;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;

/**
 * Pages of 4 KiB that lie apart, as a buffer is after a system has run for a while: neighbours in
 * the buffer are not neighbours in memory.
 */
final class ScatteredPages implements AutoCloseable {
  private final PageAllocator allocator;
  private final PageOwner owner;
  private final long[] pas;
  private final long sizeBytes;

  /**
   * Allocates the pages, zeroed.
   *
   * @throws ErrnoException ENOMEM; nothing is allocated then
   */
  ScatteredPages(PageAllocator allocator, PageOwner owner, long sizeBytes) throws ErrnoException {
    this.allocator = allocator;
    this.owner = owner;
    this.sizeBytes = sizeBytes;
    this.pas = new long[(int) ((sizeBytes + PAGE_SIZE - 1) >>> PAGE_SHIFT)];
    int even = (pas.length + 1) / 2;
    for (int taken = 0; taken < pas.length; taken++) {
      long pa = allocator.tryAlloc(0, owner);
      if (pa == NONE) {
        close();
        throw Errno.ENOMEM.because("%d bytes for %s", sizeBytes, owner);
      }
      pas[taken < even ? 2 * taken : 2 * (taken - even) + 1] = pa;
    }
  }

  /** The pages, one entry each; the last may be short. */
  ScatterList list() {
    ScatterList list = new ScatterList();
    for (int i = 0; i < pas.length; i++) {
      list.add(pas[i], bytesOf(i));
    }
    return list;
  }

  void copyIn(MemorySegment from) {
    for (int i = 0; i < pas.length; i++) {
      allocator.cpu().copyIn(pas[i], from, i * PAGE_SIZE, bytesOf(i));
    }
  }

  void copyOut(MemorySegment to) {
    for (int i = 0; i < pas.length; i++) {
      allocator.cpu().copyOut(pas[i], to, i * PAGE_SIZE, bytesOf(i));
    }
  }

  private long bytesOf(int page) {
    return Math.min(PAGE_SIZE, sizeBytes - page * PAGE_SIZE);
  }

  @Override
  public void close() {
    for (long pa : pas) {
      if (pa != 0) {
        allocator.free(pa, 0, owner);
      }
    }
  }
}
