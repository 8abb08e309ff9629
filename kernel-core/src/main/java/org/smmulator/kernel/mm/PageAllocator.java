package org.smmulator.kernel.mm;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/**
 * Pages of DRAM: zeroed, naturally aligned, each on somebody's account.
 *
 * <p>Kernel: {@code mm/page_alloc.c}. Sizes are orders: 2^order pages of 4 KiB. The same calls give
 * the same addresses. Freeing what one does not own is a bug and throws.
 */
public final class PageAllocator {
  public static final int PAGE_SHIFT = 12;
  public static final long PAGE_SIZE = 1L << PAGE_SHIFT;

  /** {@code KMALLOC_MAX_SIZE}: more is not allocated in one piece for the kernel's own use. */
  public static final long KMALLOC_MAX_BYTES = 4L << 20;

  /** No memory is left; never the address of a page. */
  public static final long NONE = -1;

  /** The largest order: 1 GiB. */
  public static final int MAX_ORDER = 18;

  private final Dram dram;
  private final @Nullable CpuCache cache;
  private final CpuMemory cpu;
  private final FaultInjector faults;
  private final Reclaim reclaim;
  private final ImmutableList<BuddyZone> zones;

  /** Owners that hold pages, by id; slot 0 stays empty. */
  private final List<@Nullable PageOwner> owners = new ArrayList<>();

  private final List<Integer> freeIds = new ArrayList<>();

  /** Takes over all of {@code dram}: of each bank, the lower half is the kernel's. */
  public PageAllocator(Dram dram) {
    this(dram, ImmutableList.of());
  }

  /**
   * Takes over {@code dram} except for carve-outs, which are somebody's already. Kernel: {@code
   * memblock_reserve()}.
   *
   * @param reserved the carve-outs, which may lie anywhere but must not overlap
   */
  public PageAllocator(Dram dram, ImmutableList<DramBank> reserved) {
    this(dram, reserved, null, new FaultInjector());
  }

  /**
   * The same, on a machine whose CPUs' caches may be modelled.
   *
   * @param cache null for none
   * @param faults makes allocations fail on purpose
   */
  public PageAllocator(
      Dram dram, ImmutableList<DramBank> reserved, @Nullable CpuCache cache, FaultInjector faults) {
    this.dram = dram;
    this.faults = faults;
    this.cache = cache;
    this.cpu = new CpuMemory(dram, cache);
    this.reclaim = new Reclaim(cpu);
    ImmutableList<DramBank> holes =
        ImmutableList.sortedCopyOf(Comparator.comparingLong(DramBank::base), reserved);
    ImmutableList.Builder<BuddyZone> made = ImmutableList.builder();
    for (DramBank bank : dram.banks()) {
      long half = bank.base() + (bank.sizeBytes() / 2 & -PAGE_SIZE);
      addAround(holes, PageZone.KERNEL, bank.base(), half, made);
      addAround(holes, PageZone.CLIENT, half, bank.end(), made);
    }
    zones = made.build();
    owners.add(null);
  }

  private static void addAround(
      ImmutableList<DramBank> holes,
      PageZone zone,
      long start,
      long end,
      ImmutableList.Builder<BuddyZone> made) {
    long at = start;
    for (DramBank hole : holes) {
      long until = Math.min(hole.base(), end);
      if (until > at) {
        made.add(new BuddyZone(zone, at, until));
      }
      at = Math.max(at, hole.end());
    }
    if (at < end) {
      made.add(new BuddyZone(zone, at, end));
    }
  }

  /** How software reaches what is cached: the bytes of pages that are mapped for streaming DMA. */
  public CpuMemory cpu() {
    return cpu;
  }

  /** Opens an account of the kernel's own. It costs nothing until it holds a page. */
  public PageOwner owner(String what, PageZone zone) {
    return owner(new PageOwner.Holder.OfKernel(), what, zone);
  }

  /** The way to get memory of clients back when none is left. */
  public Reclaim reclaim() {
    return reclaim;
  }

  /**
   * Opens an account. It costs nothing until it holds a page.
   *
   * @param what the purpose of its pages: {@code pagetable}
   */
  public PageOwner owner(PageOwner.Holder holder, String what, PageZone zone) {
    return new PageOwner(holder, what, zone);
  }

  /** Returns the physical address of 2^{@code order} zeroed pages, or {@link #NONE}. */
  public long tryAlloc(int order, PageOwner owner) {
    checkArgument(order >= 0 && order <= MAX_ORDER, "order %s", order);
    if (faults.shouldFail(Site.PAGE)) {
      return NONE;
    }
    long pa = take(order, owner);
    while (pa == NONE && owner.zone() == PageZone.CLIENT && reclaim.shrink(1L << order)) {
      pa = take(order, owner);
    }
    return pa;
  }

  /**
   * Returns the same of what is free, or {@link #NONE}: nothing is reclaimed for it, and it never
   * fails on purpose.
   */
  public long tryAllocFree(int order, PageOwner owner) {
    return take(order, owner);
  }

  private long take(int order, PageOwner owner) {
    for (int i = 0; i < zones.size(); i++) {
      BuddyZone zone = zones.get(i);
      if (zone.zone() == owner.zone()) {
        long pa = zone.alloc(order, idOf(owner), dram);
        if (pa != NONE) {
          owner.pagesInUse += 1L << order;
          if (cache != null) {
            cache.forget(pa, PAGE_SIZE << order);
          }
          return pa;
        }
      }
    }
    forgetIfEmpty(owner);
    return NONE;
  }

  /**
   * Returns the physical address of 2^{@code order} zeroed pages.
   *
   * @throws ErrnoException ENOMEM if there is no such run
   */
  public long alloc(int order, PageOwner owner) throws ErrnoException {
    long pa = tryAlloc(order, owner);
    if (pa == NONE) {
      throw ENOMEM.because("no run of %d pages for %s", 1L << order, owner);
    }
    return pa;
  }

  /** Gives back what {@link #alloc} gave. */
  public void free(long pa, int order, PageOwner owner) {
    zoneOf(pa).free(pa, order, owner.id, dram);
    owner.pagesInUse -= 1L << order;
    forgetIfEmpty(owner);
    faults.freed(pa, PAGE_SIZE << order);
  }

  /**
   * Returns the physical address of a run of {@code pages} zeroed pages, any number of them.
   *
   * @throws ErrnoException ENOMEM if there is no such run
   */
  public long allocRun(long pages, PageOwner owner) throws ErrnoException {
    checkArgument(pages > 0, "pages %s", pages);
    int order = 64 - Long.numberOfLeadingZeros(pages - 1);
    if (order > MAX_ORDER) {
      throw ENOMEM.because("a run of %d pages is longer than any block", pages);
    }
    long pa = alloc(order, owner);
    freeRun(pa + pages * PAGE_SIZE, (1L << order) - pages, owner);
    return pa;
  }

  /** Gives back a run, or any part of one. */
  public void freeRun(long pa, long pages, PageOwner owner) {
    long at = pa;
    long end = pa + pages * PAGE_SIZE;
    while (at < end) {
      int aligned = Long.numberOfTrailingZeros(at >>> PAGE_SHIFT);
      int fits = 63 - Long.numberOfLeadingZeros((end - at) >>> PAGE_SHIFT);
      int order = Math.min(Math.min(aligned, fits), MAX_ORDER);
      free(at, order, owner);
      at += PAGE_SIZE << order;
    }
  }

  /** On whose account the page at {@code pa} is; null if it is free. */
  public @Nullable PageOwner ownerOf(long pa) {
    return owners.get(zoneOf(pa).ownerId(pa));
  }

  /** Returns the accounts that hold pages. */
  public ImmutableList<PageOwner> owners() {
    return owners.stream().filter(Objects::nonNull).collect(ImmutableList.toImmutableList());
  }

  /** Returns the pages held under each name; accounts of the same name are added up. */
  public ImmutableMap<String, Long> usage() {
    TreeMap<String, Long> byName = new TreeMap<>();
    owners().forEach(owner -> byName.merge(owner.name(), owner.pagesInUse(), Long::sum));
    return ImmutableMap.copyOf(byName);
  }

  /** How many pages the machine has, those that are reserved included. */
  public long capacityPages() {
    long bytes = 0;
    for (DramBank bank : dram.banks()) {
      bytes += bank.sizeBytes();
    }
    return bytes >>> PAGE_SHIFT;
  }

  /** How many pages are allocated. */
  public long pagesInUse() {
    return owners().stream().mapToLong(PageOwner::pagesInUse).sum();
  }

  private int idOf(PageOwner owner) {
    if (owner.id == PageOwner.NO_ID) {
      if (freeIds.isEmpty()) {
        owner.id = owners.size();
        owners.add(owner);
      } else {
        owner.id = freeIds.removeLast();
        owners.set(owner.id, owner);
      }
    }
    return owner.id;
  }

  private void forgetIfEmpty(PageOwner owner) {
    if (owner.pagesInUse == 0 && owner.id != PageOwner.NO_ID) {
      owners.set(owner.id, null);
      freeIds.addLast(owner.id);
      owner.id = PageOwner.NO_ID;
    }
  }

  private BuddyZone zoneOf(long pa) {
    for (int i = 0; i < zones.size(); i++) {
      if (zones.get(i).contains(pa)) {
        return zones.get(i);
      }
    }
    checkState(false, "no memory at pa 0x%s", Long.toHexString(pa));
    throw new AssertionError();
  }
}
