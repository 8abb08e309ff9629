package org.smmulator.kernel.mm;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;

/**
 * The CPUs' caches, as a device that does not snoop them comes to know them.
 *
 * <p>It keeps two things of each line of 64 bytes: whether a device owns it, because it was mapped
 * or synced for one, and, if caches are written back, what the CPUs have of it. A CPU's access to a
 * line that a device owns is told to the observer, once for a page and mapping.
 *
 * <p>Lines are never evicted on their own. That is the worst case: who forgets to clean a line
 * always finds that the device read old bytes, and who forgets to invalidate one always reads old
 * bytes himself. Uncached accesses, pagetables, and accesses of devices that do not snoop go past
 * this.
 *
 * <p>If two mappings share a line, the last hand-over of either says who owns it.
 *
 * <p>Not modelled: speculative fills, levels, capacity, costs.
 */
// Lines that a range covers in part are cleaned and invalidated, as dcache_inval_poc() of
// arch/arm64/mm/cache.S does.
public final class CpuCache {
  /** Hears of accesses that break the rules of ownership. */
  public interface Observer {
    /** A CPU touched the line at {@code pa} while {@code device} owned it. */
    void unsynced(long pa, boolean write, String device);
  }

  private static final int LINE_SHIFT = 6;

  private static final class Page {
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[(int) PAGE_SIZE]);

    // One bit a line.
    private long valid;
    private long dirty;
    private long deviceReads;
    private long deviceWrites;
    private String device = "";
    private boolean reported;

    private boolean isBlank() {
      return (valid | dirty | deviceReads | deviceWrites) == 0;
    }
  }

  private final Dram dram;
  private final boolean writeBack;

  // Looked up, never iterated.
  private final Map<Long, Page> pages = new HashMap<>();

  private Observer observer = (pa, write, device) -> {};

  /**
   * Makes an empty cache.
   *
   * @param writeBack whether stores stay here until their line is cleaned; if not, memory always
   *     has them, and only ownership is kept
   */
  public CpuCache(Dram dram, boolean writeBack) {
    this.dram = dram;
    this.writeBack = writeBack;
  }

  /** Has accesses that break the rules told to {@code next}. */
  public void observe(Observer next) {
    observer = next;
  }

  /**
   * A CPU touches bytes of one page.
   *
   * @return the bytes of the page that the CPU works on, from the page's start; null if it works on
   *     memory itself
   */
  @Nullable MemorySegment access(long pa, long sizeBytes, boolean write) {
    long lines = lines(pa, sizeBytes);
    Page page = pages.get(pa >>> PAGE_SHIFT);
    if (page != null) {
      checkOwner(page, pa, lines, write);
    }
    if (!writeBack) {
      return null;
    }
    if (page == null) {
      page = new Page();
      pages.put(pa >>> PAGE_SHIFT, page);
    }
    fill(page, pa & -PAGE_SIZE, lines & ~page.valid);
    page.valid |= lines;
    if (write) {
      page.dirty |= lines;
    }
    return page.bytes;
  }

  private void checkOwner(Page page, long pa, long lines, boolean write) {
    long owned = write ? page.deviceReads | page.deviceWrites : page.deviceWrites;
    if ((owned & lines) != 0 && !page.reported) {
      page.reported = true;
      observer.unsynced(pa, write, page.device);
    }
  }

  /**
   * Hands memory to a device: what the CPUs wrote reaches memory.
   *
   * @param deviceWrites whether the device writes, or only reads
   */
  public void toDevice(long pa, long sizeBytes, String device, boolean deviceWrites) {
    long end = pa + sizeBytes;
    for (long at = pa; at < end; at = nextPage(at)) {
      Page page = pages.computeIfAbsent(at >>> PAGE_SHIFT, number -> new Page());
      long lines = lines(at, Math.min(end, nextPage(at)) - at);
      clean(page, at & -PAGE_SIZE, lines);
      page.device = device;
      page.reported = false;
      page.deviceReads |= lines;
      if (deviceWrites) {
        page.deviceWrites |= lines;
      }
    }
  }

  /**
   * An access of a device that snoops passes, in whatever way it came to the address: what the CPUs
   * wrote to the page reaches memory first, and before a store they let go of what they have of it.
   */
  public void snoop(long pa, boolean store) {
    Page page = pages.get(pa >>> PAGE_SHIFT);
    if (page != null) {
      clean(page, pa & -PAGE_SIZE, page.dirty);
      if (store) {
        page.valid = 0;
      }
    }
  }

  /**
   * Hands memory back to the CPUs.
   *
   * @param deviceWrote whether what the CPUs have of it is to be forgotten
   */
  public void toCpu(long pa, long sizeBytes, boolean deviceWrote) {
    long end = pa + sizeBytes;
    for (long at = pa; at < end; at = nextPage(at)) {
      Page page = pages.get(at >>> PAGE_SHIFT);
      if (page != null) {
        toCpu(page, at, Math.min(end, nextPage(at)) - at, deviceWrote);
      }
    }
  }

  private void toCpu(Page page, long pa, long sizeBytes, boolean deviceWrote) {
    long lines = lines(pa, sizeBytes);
    page.deviceReads &= ~lines;
    page.deviceWrites &= ~lines;
    if (deviceWrote) {
      clean(page, pa & -PAGE_SIZE, lines & ~wholeLines(pa, sizeBytes));
      page.valid &= ~lines;
      page.dirty &= ~lines;
    }
    if (page.isBlank()) {
      pages.remove(pa >>> PAGE_SHIFT);
    }
  }

  /** Forgets all of some pages: they have a new owner, who finds in memory what they hold. */
  void forget(long pa, long sizeBytes) {
    if (pages.isEmpty()) {
      return;
    }
    for (long at = pa; at < pa + sizeBytes; at += PAGE_SIZE) {
      pages.remove(at >>> PAGE_SHIFT);
    }
  }

  /** Returns whether a device owns the line at {@code pa}. */
  public boolean isDevices(long pa) {
    Page page = pages.get(pa >>> PAGE_SHIFT);
    return page != null && (page.deviceReads & lines(pa, 1)) != 0;
  }

  private void fill(Page page, long pagePa, long lines) {
    for (long left = lines; left != 0; left &= left - 1) {
      long offset = (long) Long.numberOfTrailingZeros(left) << LINE_SHIFT;
      dram.copyOut(pagePa + offset, page.bytes, offset, 1L << LINE_SHIFT);
    }
  }

  private void clean(Page page, long pagePa, long lines) {
    for (long left = lines & page.dirty; left != 0; left &= left - 1) {
      long offset = (long) Long.numberOfTrailingZeros(left) << LINE_SHIFT;
      dram.copyIn(pagePa + offset, page.bytes, offset, 1L << LINE_SHIFT);
    }
    page.dirty &= ~lines;
  }

  private static long nextPage(long pa) {
    return (pa & -PAGE_SIZE) + PAGE_SIZE;
  }

  /** The lines of a page that a run within it touches. */
  private static long lines(long pa, long sizeBytes) {
    int first = (int) (pa & (PAGE_SIZE - 1)) >>> LINE_SHIFT;
    int last = (int) ((pa + sizeBytes - 1) & (PAGE_SIZE - 1)) >>> LINE_SHIFT;
    return (-1L << first) & (-1L >>> (63 - last));
  }

  /** The lines of a page that a run within it covers whole. */
  private static long wholeLines(long pa, long sizeBytes) {
    long lineBytes = 1L << LINE_SHIFT;
    long start = (pa + lineBytes - 1) & -lineBytes;
    long end = (pa + sizeBytes) & -lineBytes;
    return start < end ? lines(start, end - start) : 0;
  }
}
