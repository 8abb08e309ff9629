package org.smmulator.kernel.mm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.NONE;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.errno.ErrnoException;

/** Pages, their owners, and the proof that none is lost. */
class PageAllocatorTest {
  private static final long BASE = 0x8000_0000L;
  private static final long MIB = 1L << 20;

  private Dram dram;
  private PageAllocator pages;

  @BeforeEach
  void sixtyFourMebibytes() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(BASE, 64 * MIB)));
    pages = new PageAllocator(dram);
  }

  @AfterEach
  void close() {
    dram.close();
  }

  @Test
  void whatAClientCanMapLiesApartFromTables() throws Exception {
    long table = pages.alloc(0, pages.owner("pagetable", PageZone.KERNEL));
    long buffer = pages.alloc(0, pages.owner("buffer", PageZone.CLIENT));

    assertThat(table).isEqualTo(BASE);
    assertThat(buffer).isEqualTo(BASE + 32 * MIB);
  }

  @Test
  void aCarveOutIsNeverHandedOutAndWhatLiesAroundItIs() throws Exception {
    PageAllocator around =
        new PageAllocator(
            dram,
            ImmutableList.of(
                new DramBank(BASE + 63 * MIB, MIB), new DramBank(BASE + PAGE_SIZE, 2 * PAGE_SIZE)));
    PageOwner table = around.owner("pagetable", PageZone.KERNEL);
    PageOwner buffer = around.owner("buffer", PageZone.CLIENT);

    assertThat(around.alloc(0, table)).isEqualTo(BASE);
    assertThat(around.alloc(0, table)).isEqualTo(BASE + 3 * PAGE_SIZE);
    long taken = 0;
    while (around.tryAlloc(8, buffer) != NONE) {
      taken++;
    }
    assertThat(taken).isEqualTo(31);
  }

  @Test
  void aPageThatWasUsedComesBackZeroed() throws Exception {
    PageOwner owner = pages.owner("table", PageZone.KERNEL);
    long pa = pages.alloc(0, owner);
    dram.putLong(pa + 8, 42);
    pages.free(pa, 0, owner);

    assertThat(pages.alloc(0, owner)).isEqualTo(pa);
    assertThat(dram.getLong(pa + 8)).isEqualTo(0);
  }

  /** Kernel: none; a host that has no use for the machine's free memory has it back. */
  @Test
  void aLargeBlockThatIsFreeGoesBackToTheHostIfMostOfItWasUsed() throws Exception {
    PageOwner owner = pages.owner("canvas", PageZone.CLIENT);
    long canvas = pages.allocRun(4096, owner);
    dram.putLong(canvas + 9 * MIB, 42);
    pages.freeRun(canvas, 4096, owner);

    boolean canPunch = Dram.class.getModule().isNativeAccessEnabled();
    assertThat(dram.getLong(canvas + 9 * MIB)).isEqualTo(canPunch ? 0 : 42);

    long page = pages.alloc(0, owner);
    dram.putLong(page, 43);
    pages.free(page, 0, owner);
    assertThat(dram.getLong(page)).isEqualTo(43); // one page is not worth a call
    assertThat(pages.allocRun(4096, owner)).isEqualTo(canvas);
    assertThat(dram.getLong(page)).isEqualTo(0);
  }

  @Test
  void onlyTheOwnerCanFreeAndOnlyOnce() throws Exception {
    PageOwner owner = pages.owner("mine", PageZone.KERNEL);
    PageOwner other = pages.owner("other", PageZone.KERNEL);
    long pa = pages.alloc(1, owner);
    long _ = pages.alloc(0, other);

    assertThrows(IllegalStateException.class, () -> pages.free(pa, 1, other));
    pages.free(pa, 1, owner);
    assertThrows(IllegalStateException.class, () -> pages.free(pa, 1, owner));
  }

  @Test
  void whoeverStillHoldsPagesIsNamed() throws Exception {
    PageOwner leaky = pages.owner("buffer of painter[101]", PageZone.CLIENT);
    PageOwner tidy = pages.owner("ring", PageZone.KERNEL);
    long kept = pages.alloc(2, leaky);
    pages.free(pages.alloc(3, tidy), 3, tidy);

    assertThat(pages.usage()).containsExactly("buffer of painter[101]", 4L);
    assertThat(pages.ownerOf(kept + 3 * PAGE_SIZE)).isEqualTo(leaky);
    pages.free(kept, 2, leaky);
    assertThat(pages.usage()).isEmpty();
    assertThat(pages.ownerOf(kept)).isNull();
  }

  @Test
  void aRunNeedNotBeAPowerOfTwoAndCanBeGivenBackInParts() throws Exception {
    PageOwner owner = pages.owner("buffer", PageZone.CLIENT);

    long pa = pages.allocRun(5, owner);
    assertThat(owner.pagesInUse()).isEqualTo(5);
    pages.freeRun(pa + PAGE_SIZE, 4, owner);
    assertThat(owner.pagesInUse()).isEqualTo(1);
    pages.freeRun(pa, 1, owner);

    assertThat(pages.pagesInUse()).isEqualTo(0);
  }

  @Test
  void whenMemoryIsUsedUpItSaysSoAndWhatWasFreedMergesAgain() throws Exception {
    PageOwner owner = pages.owner("hog", PageZone.KERNEL);
    List<Long> taken = new ArrayList<>();
    for (long pa = pages.tryAlloc(0, owner); pa != NONE; pa = pages.tryAlloc(0, owner)) {
      taken.add(pa);
    }
    assertThat(taken).hasSize(8192);
    var e = assertThrows(ErrnoException.class, () -> pages.alloc(0, owner));
    assertThat(e.errno()).isEqualTo(ENOMEM);

    taken.forEach(pa -> pages.free(pa, 0, owner));

    assertThat(pages.alloc(13, owner)).isEqualTo(BASE);
  }

  @Test
  void noTwoBlocksEverOverlapAndNothingIsLost() {
    SplittableRandom random = new SplittableRandom(11);
    PageOwner owner = pages.owner("any", PageZone.KERNEL);
    TreeMap<Long, Integer> live = new TreeMap<>();

    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(100) < 52 || live.isEmpty()) {
        int order = random.nextInt(6);
        long pa = pages.tryAlloc(order, owner);
        if (pa == NONE) {
          continue;
        }
        assertThat(pa % (PAGE_SIZE << order)).isEqualTo(0);
        var below = live.floorEntry(pa);
        if (below != null) {
          assertThat(below.getKey() + (PAGE_SIZE << below.getValue())).isAtMost(pa);
        }
        var above = live.ceilingKey(pa);
        if (above != null) {
          assertThat(above).isAtLeast(pa + (PAGE_SIZE << order));
        }
        live.put(pa, order);
      } else {
        var chosen = live.ceilingEntry(BASE + random.nextLong(32 * MIB));
        var victim = chosen == null ? live.firstEntry() : chosen;
        pages.free(victim.getKey(), victim.getValue(), owner);
        live.remove(victim.getKey());
      }
    }
    live.forEach((pa, order) -> pages.free(pa, order, owner));

    assertThat(pages.usage()).isEmpty();
    assertThat(pages.tryAlloc(13, owner)).isEqualTo(BASE);
  }
}
