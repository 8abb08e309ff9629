package org.smmulator.iommu.iova;

import java.util.function.IntSupplier;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;

/**
 * Ranges that were freed and will be wanted again, at hand for the CPU that freed them.
 *
 * <p>Kernel: {@code struct iova_rcache}, after the magazines of Bonwick's slab allocator. Ranges of
 * up to 32 pages, in six sizes; each size has two magazines a CPU and a depot of full magazines.
 * What is in a cache is still taken in the {@link IovaDomain}. A depot with more magazines than
 * there are CPUs loses one of them every 100 ms.
 */
public final class IovaCaches {
  /** Sizes of 1, 2, 4, 8, 16 and 32 pages. */
  private static final int SIZES = 6;

  private static final int MAGAZINE_PFNS = 127;
  private static final long TRIM_INTERVAL_NS = 100_000_000;

  private final IovaDomain domain;
  private final IntSupplier currentCpu;
  private final Scheduler scheduler;
  private final Size[] sizes = new Size[SIZES];

  /**
   * Puts caches in front of {@code domain}.
   *
   * @param cpus how many CPUs there are
   * @param currentCpu which of them asks
   */
  public IovaCaches(IovaDomain domain, Scheduler scheduler, int cpus, IntSupplier currentCpu) {
    this.domain = domain;
    this.currentCpu = currentCpu;
    this.scheduler = scheduler;
    for (int order = 0; order < SIZES; order++) {
      sizes[order] = new Size(cpus);
    }
  }

  /** The allocator behind the caches. */
  public IovaDomain domain() {
    return domain;
  }

  /**
   * Takes a range, aligned to its size. Sizes that caches keep are rounded up to a power of two.
   * Kernel: {@code alloc_iova_fast()}.
   *
   * @param limitPfn the last pfn that may be in it
   * @param flush whether to empty all caches rather than to fail
   * @return its first pfn, or {@link IovaDomain#NONE}
   */
  public long alloc(long pages, long limitPfn, boolean flush) {
    int order = orderOf(pages);
    if (order < SIZES) {
      long cached = sizes[order].get(limitPfn + 1 - (1L << order));
      if (cached != IovaDomain.NONE) {
        return cached;
      }
    }
    long rounded = order < SIZES ? 1L << order : pages;
    long pfn = domain.alloc(rounded, limitPfn, true);
    if (pfn == IovaDomain.NONE && flush) {
      free();
      pfn = domain.alloc(rounded, limitPfn, true);
    }
    return pfn;
  }

  /** Gives a range back that {@link #alloc} gave. Kernel: {@code free_iova_fast()}. */
  public void free(long pfn, long pages) {
    int order = orderOf(pages);
    if (order < SIZES) {
      sizes[order].put(pfn);
    } else {
      domain.free(pfn);
    }
  }

  /** Gives everything cached back to the domain. */
  public void free() {
    for (Size size : sizes) {
      size.free();
    }
  }

  private static int orderOf(long pages) {
    return 64 - Long.numberOfLeadingZeros(pages - 1);
  }

  /** A stack of first pfns. Kernel: {@code struct iova_magazine}. */
  private static final class Magazine {
    final long[] pfns = new long[MAGAZINE_PFNS];
    int count;

    /** The one below in the depot. */
    Magazine below = this;

    boolean isEmpty() {
      return count == 0;
    }

    boolean isFull() {
      return count == MAGAZINE_PFNS;
    }

    /** Takes the topmost pfn up to {@code lastPfn}; the top takes its place. */
    long pop(long lastPfn) {
      for (int i = count - 1; i >= 0; i--) {
        if (pfns[i] <= lastPfn) {
          long pfn = pfns[i];
          pfns[i] = pfns[--count];
          return pfn;
        }
      }
      return IovaDomain.NONE;
    }

    void push(long pfn) {
      pfns[count++] = pfn;
    }
  }

  /** The caches of one size. */
  private final class Size {
    private final Magazine[] loaded;
    private final Magazine[] previous;
    private final Timer trim = new Timer(scheduler, this::trim);
    private Magazine depot = new Magazine(); // the bottom, which is never taken
    private int depotCount;

    Size(int cpus) {
      loaded = new Magazine[cpus];
      previous = new Magazine[cpus];
      for (int cpu = 0; cpu < cpus; cpu++) {
        loaded[cpu] = new Magazine();
        previous[cpu] = new Magazine();
      }
    }

    /** Kernel: {@code __iova_rcache_get()}. */
    long get(long lastPfn) {
      int cpu = currentCpu.getAsInt();
      if (loaded[cpu].isEmpty()) {
        if (!previous[cpu].isEmpty()) {
          swap(cpu);
        } else if (depotCount > 0) {
          loaded[cpu] = takeFromDepot();
        } else {
          return IovaDomain.NONE;
        }
      }
      return loaded[cpu].pop(lastPfn);
    }

    /** Kernel: {@code __iova_rcache_insert()}. */
    void put(long pfn) {
      int cpu = currentCpu.getAsInt();
      if (loaded[cpu].isFull()) {
        if (!previous[cpu].isFull()) {
          swap(cpu);
        } else {
          putIntoDepot(loaded[cpu]);
          loaded[cpu] = new Magazine();
        }
      }
      loaded[cpu].push(pfn);
    }

    private void swap(int cpu) {
      Magazine other = loaded[cpu];
      loaded[cpu] = previous[cpu];
      previous[cpu] = other;
    }

    private Magazine takeFromDepot() {
      Magazine top = depot;
      depot = top.below;
      depotCount--;
      return top;
    }

    private void putIntoDepot(Magazine full) {
      full.below = depot;
      depot = full;
      depotCount++;
      if (!trim.isPending()) {
        trim.modify(scheduler.nowNs() + TRIM_INTERVAL_NS);
      }
    }

    /** Kernel: {@code iova_depot_work_func()}. */
    private void trim() {
      if (depotCount > loaded.length) {
        freeAll(takeFromDepot());
        trim.modify(scheduler.nowNs() + TRIM_INTERVAL_NS);
      }
    }

    /** Kernel: {@code free_cpu_cached_iovas()} and {@code free_global_cached_iovas()}. */
    void free() {
      for (int cpu = 0; cpu < loaded.length; cpu++) {
        freeAll(loaded[cpu]);
        freeAll(previous[cpu]);
      }
      while (depotCount > 0) {
        freeAll(takeFromDepot());
      }
    }

    private void freeAll(Magazine magazine) {
      for (int i = 0; i < magazine.count; i++) {
        domain.free(magazine.pfns[i]);
      }
      magazine.count = 0;
    }
  }
}
