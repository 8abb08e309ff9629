package org.smmulator.iommu.contract;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.contract.IommuHarness.FREE_BYTES;
import static org.smmulator.iommu.contract.IommuHarness.FREE_MEMORY;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Two devices come and go between domains that are mapped and unmapped at random, and access
 * memory; beside them a plain list of the pages of each domain says what each access must do.
 *
 * <p>With losses, some unmaps are not heard of by the hardware. Then a second list, of what a TLB
 * without bounds has seen since it was last told to forget, says what the device still reaches. If
 * it is devices that do not hear, each has a list of its own, of what it was answered.
 */
// With losses each address is used with one size of page only: where entries of two sizes overlap,
// the architecture does not say which one hits. And a page is read before it is written, since it
// is open whether a refused write leaves an entry.
final class RandomSteps {
  /** Who does not hear of some invalidations. */
  enum Losing {
    NOBODY,
    HARDWARE,
    /** Devices that keep translations; their IOMMU hears. */
    DEVICES
  }

  static final int STEPS = 2_000;

  private static final long WINDOW_BYTES = 64 << 20;
  private static final long LARGE_PAGES_FROM = WINDOW_BYTES / 2;
  private static final int MOST_SMALL_PAGES = 8;
  private static final int MOST_DOMAINS = 3;
  private static final int[] ALIGNMENTS_LOG2 = {0, 0, 0, 4, 8, 9};
  private static final int DATA = 8;

  /** Where a page leads. */
  private record Page(long pa, int prot) {}

  /** A domain, and what is known of it. */
  private static final class Space {
    final IommuDomain.Paging domain;
    final int owner;
    final TreeMap<Long, Page> table = new TreeMap<>();
    final TreeMap<Long, Page> tlb = new TreeMap<>();

    /** What one map mapped: its first iova and its size. */
    final TreeMap<Long, Long> mappings = new TreeMap<>();

    Space(IommuDomain.Paging domain, int owner) {
      this.domain = domain;
      this.owner = owner;
    }
  }

  private final IommuHarness harness;
  private final Iommu iommu;
  private final long firstIova;
  private final long seed;
  private final Losing whoLoses;
  private final boolean losing;
  private final Random random;
  private final List<Space> spaces = new ArrayList<>();
  private final @Nullable Space[] at = new @Nullable Space[2];

  /** What each device keeps, if devices keep anything. */
  private final List<TreeMap<Long, Page>> kept = List.of(new TreeMap<>(), new TreeMap<>());

  private long page;
  private long large;
  private int step;
  private int stale;

  RandomSteps(IommuHarness harness, long firstIova, long seed, Losing whoLoses) {
    this.harness = harness;
    this.iommu = harness.kernel().iommu;
    this.firstIova = firstIova;
    this.seed = seed;
    this.whoLoses = whoLoses;
    this.losing = whoLoses != Losing.NOBODY;
    this.random = new Random(seed);
  }

  /** Goes all steps, and returns how many accesses were by a translation that is no more. */
  int go() throws ErrnoException {
    enter(0, create(0));
    enter(1, create(1));
    stampFrames();
    for (step = 0; step < STEPS; step++) {
      Space space = spaces.get(random.nextInt(spaces.size()));
      switch (random.nextInt(24)) {
        case 0 -> move(random.nextInt(2));
        case 1 -> flush(random.nextInt(2));
        case 2, 3, 4, 5, 6, 7, 8 -> accessFrom(map(space));
        case 9, 10, 11, 12, 13, 14 -> accessFrom(unmap(space));
        default -> accessFrom(someIova(space));
      }
    }
    return stale;
  }

  private void stampFrames() {
    for (int frame = 0; frame < frames(); frame++) {
      harness.kernel().dram.putInt(FREE_MEMORY + frame * page, frame + 1);
    }
  }

  /** The last of them is the harness's. */
  private int frames() {
    return (int) (FREE_BYTES / page) - 1;
  }

  // ---- devices and domains

  private Space create(int owner) throws ErrnoException {
    Space made = new Space(iommu.allocPaging(harness.device(owner)), owner);
    harness.made(made.domain);
    spaces.add(made);
    return made;
  }

  private void enter(int device, Space space) throws ErrnoException {
    iommu.attach(space.domain, harness.device(device));
    at[device] = space;
    kept.get(device).clear();
    long sizes = space.domain.pgsizeBitmap();
    page = Long.lowestOneBit(sizes);
    large = Long.lowestOneBit(sizes & (sizes - 1));
  }

  private void move(int device) throws ErrnoException {
    Space left = at[device];
    if (left != null) {
      if (losing) {
        flush(device); // whether leaving makes hardware forget is open
      }
      iommu.detach(left.domain, harness.device(device));
      at[device] = null;
      long frame = random.nextInt(frames());
      expect(device, FREE_MEMORY + frame * page, new Page(FREE_MEMORY + frame * page, READ));
      boolean mustGo = losing && !harness.tagsDomains();
      if (mustGo || (spaces.size() == MOST_DOMAINS && random.nextBoolean())) {
        freeUnlessUsed(left);
      }
    }
    if (spaces.size() < MOST_DOMAINS && (spaces.isEmpty() || random.nextBoolean())) {
      enter(device, create(device));
    } else {
      for (Space space : spaces) {
        if (at[device] == null && mayEnter(device, space) && random.nextBoolean()) {
          enter(device, space);
        }
      }
    }
    if (spaces.isEmpty()) {
      enter(device, create(device));
    }
  }

  private boolean mayEnter(int device, Space space) {
    return space.owner == device || (harness.sharesDomains() && harness.leavesOthersIn());
  }

  private void freeUnlessUsed(Space space) {
    if (at[0] != space && at[1] != space) {
      iommu.free(space.domain);
      spaces.remove(space);
    }
  }

  private void flush(int device) throws ErrnoException {
    Space space = at[device];
    if (space != null) {
      harness.flushAll(space.domain, device);
      space.tlb.clear();
      forEachIn(space, Map::clear);
    }
  }

  // ---- mappings

  /** Maps something, and returns an iova that may be in it. */
  private long map(Space space) throws ErrnoException {
    long align = page;
    long bytes;
    long offset;
    if (!losing) {
      align = Math.min(page << ALIGNMENTS_LOG2[random.nextInt(ALIGNMENTS_LOG2.length)], 2 << 20);
      align = Math.max(align, page);
      bytes = align * (1 + random.nextInt(3)) + page * random.nextInt(4);
      offset = random.nextLong((WINDOW_BYTES - bytes) / align) * align;
    } else if (hasLarge() && random.nextBoolean()) {
      align = large;
      bytes = large;
      offset = LARGE_PAGES_FROM + random.nextLong(Math.min(8, LARGE_PAGES_FROM / large)) * large;
    } else {
      bytes = page * (1 + random.nextInt(MOST_SMALL_PAGES));
      offset = random.nextLong(64) * page;
    }
    long iova = firstIova + offset;
    if (space.table.subMap(iova, iova + bytes).isEmpty()) {
      long room = (frames() * page - bytes) / align;
      long pa = FREE_MEMORY + random.nextLong(room) * align;
      int prot = random.nextBoolean() ? READ : READ | WRITE;
      iommu.map(space.domain, iova, pa, bytes, prot);
      space.mappings.put(iova, bytes);
      for (long done = 0; done < bytes; done += page) {
        space.table.put(iova + done, new Page(pa + done, prot));
      }
    }
    return iova + random.nextLong(bytes / page) * page;
  }

  private boolean hasLarge() {
    return large != 0 && large <= FREE_BYTES / 4;
  }

  /** Unmaps all or, if it is of small pages only, a part of what was mapped at once. */
  private long unmap(Space space) {
    Map.Entry<Long, Long> mapping = space.mappings.ceilingEntry(someIova(space));
    if (mapping == null) {
      return firstIova;
    }
    long first = mapping.getKey();
    long bytes = mapping.getValue();
    long from = first;
    long to = first + bytes;
    if (large == 0 || bytes < large) {
      from += random.nextLong(bytes / page) * page;
      to -= random.nextLong((to - from) / page) * page;
    }
    boolean lost = losing && random.nextInt(3) == 0;
    if (lost && whoLoses == Losing.DEVICES) {
      harness.losses().beginOfDevices();
    } else if (lost) {
      harness.losses().begin();
    }
    long unmapped = iommu.unmap(space.domain, from, to - from);
    harness.losses().end();
    assertWithMessage("seed %s, step %s", seed, step).that(unmapped).isEqualTo(to - from);

    space.mappings.remove(first);
    if (from > first) {
      space.mappings.put(first, from - first);
    }
    if (to < first + bytes) {
      space.mappings.put(to, first + bytes - to);
    }
    space.table.subMap(from, to).clear();
    if (!lost) {
      (harness.forgetsByAddress() ? space.tlb.subMap(from, to) : space.tlb).clear();
      forgetInDevices(space, from, to);
    }
    return from;
  }

  /** A device is told of a span that is a power of two of pages, and aligned. */
  private void forgetInDevices(Space space, long from, long to) {
    long differ = from >>> 12 ^ (to - 1) >>> 12;
    long bytes = 4096L << (Long.SIZE - Long.numberOfLeadingZeros(differ));
    long start = from & -bytes;
    forEachIn(space, pages -> pages.subMap(start, true, start + bytes, false).clear());
  }

  private void forEachIn(Space space, Consumer<NavigableMap<Long, Page>> action) {
    for (int device = 0; device < at.length; device++) {
      if (at[device] == space) {
        action.accept(kept.get(device));
      }
    }
  }

  /** Any page, or one that is mapped. */
  private long someIova(Space space) {
    long span = losing ? 64 * page : WINDOW_BYTES;
    long base = losing && hasLarge() && random.nextBoolean() ? LARGE_PAGES_FROM : 0;
    if (base != 0) {
      span = Math.min(8 * large, LARGE_PAGES_FROM);
    }
    long any = firstIova + base + random.nextLong(span / page) * page;
    Long near = random.nextInt(4) == 0 ? null : space.table.ceilingKey(any);
    return near == null ? any : near;
  }

  // ---- accesses

  private void accessFrom(long iova) {
    for (int device = 0; device < at.length; device++) {
      Space space = at[device];
      if (space != null) {
        if (whoLoses == Losing.DEVICES) {
          expectOfKeeper(device, space, iova);
        } else {
          expect(device, iova, translation(space, iova));
        }
      }
    }
  }

  /** What an access finds, which afterwards is in the TLB. */
  private @Nullable Page translation(Space space, long iova) {
    Page walked = space.table.get(iova);
    if (!losing) {
      return walked;
    }
    Page held = space.tlb.get(iova);
    if (held != null) {
      stale += held.equals(walked) ? 0 : 1;
      return held;
    }
    if (walked != null) {
      space.tlb.putAll(leafAround(space.table, iova));
    }
    return walked;
  }

  private NavigableMap<Long, Page> leafAround(NavigableMap<Long, Page> pages, long iova) {
    boolean isLarge = iova - firstIova >= LARGE_PAGES_FROM;
    long leaf = isLarge ? iova & -large : iova;
    return pages.subMap(leaf, true, leaf + (isLarge ? large : page), false);
  }

  /** As {@link #translation} for a device that keeps its answers, and whose IOMMU never lies. */
  private @Nullable Page answer(int device, Space space, long iova, boolean write) {
    TreeMap<Long, Page> mine = kept.get(device);
    Page held = mine.get(iova);
    Page walked = space.table.get(iova);
    if (held != null && (!write || held.prot != READ)) {
      stale += held.equals(walked) ? 0 : 1;
      return held;
    }
    leafAround(mine, iova).clear();
    if (walked != null) {
      mine.putAll(leafAround(space.table, iova));
    }
    return walked;
  }

  /** It may read by an old answer and be told a new one when it wants to write. */
  private void expectOfKeeper(int device, Space space, long iova) {
    Page read = answer(device, space, iova, false);
    expectRead(device, iova, read);
    if (read == null) {
      harness.settle();
      return;
    }
    Page written = answer(device, space, iova, true);
    expectWrite(device, iova, written == null ? new Page(read.pa, READ) : written);
  }

  private void expect(int device, long iova, @Nullable Page expected) {
    expectRead(device, iova, expected);
    if (expected == null) {
      harness.settle(); // the fault is reported, and what it holds up goes on
    } else if (at[device] != null && (harness.endsFaults() || expected.prot != READ)) {
      expectWrite(device, iova, expected);
    }
  }

  private void expectRead(int device, long iova, @Nullable Page expected) {
    int frame = expected == null ? 0 : (int) ((expected.pa - FREE_MEMORY) / page) + 1;
    assertWithMessage("seed %s, step %s: device %s reads 0x%s", seed, step, device, hex(iova))
        .that(harness.master(device).load32(iova))
        .isEqualTo(frame);
  }

  private void expectWrite(int device, long iova, Page expected) {
    int before = harness.kernel().dram.getInt(expected.pa + DATA);
    int after = before + 1;

    harness.master(device).store32(iova + DATA, after);

    boolean refused = expected.prot == READ;
    if (refused) {
      harness.settle();
    }
    assertWithMessage("seed %s, step %s: device %s writes 0x%s", seed, step, device, hex(iova))
        .that(harness.kernel().dram.getInt(expected.pa + DATA))
        .isEqualTo(refused ? before : after);
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }
}
