package org.smmulator.hw.sysmmu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.READ;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.regs.sysmmu.SysmmuRegs;

/** What the sysmmu remembers, and what makes it forget. */
class SysmmuTlbTest {
  private static final long IOVA = 0x4000_0000L;
  private static final long OLD = 0x8010_0000L;
  private static final long NEW = 0x8020_0000L;

  @Test
  void aTranslationStaysUntilItsPageIsFlushed() {
    for (int major : new int[] {1, 2, 3, 5, 7}) {
      try (SysmmuBench bench = new SysmmuBench(major, 1)) {
        bench.level2(0, IOVA, bench.page(OLD));
        bench.enable();
        assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
        bench.level2(0, IOVA, bench.page(NEW));
        assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
        bench.write(bench.variant.flushEntry(), (int) IOVA + 0x1001);
        assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);

        bench.write(bench.variant.flushEntry(), (int) IOVA | 1);

        assertThat(bench.translate(IOVA, READ)).isEqualTo(NEW);
      }
    }
  }

  @Test
  void aFlushWithoutItsLowestBitDoesNothing() {
    try (SysmmuBench bench = new SysmmuBench(3, 3)) {
      remember(bench);

      bench.write(bench.variant.flushEntry(), (int) IOVA);
      bench.write(bench.variant.flushAll(), 0);

      assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
    }
  }

  @Test
  void aFlushOfAllForgetsAll() {
    try (SysmmuBench bench = new SysmmuBench(3, 3)) {
      remember(bench);

      bench.write(bench.variant.flushAll(), 1);

      assertThat(bench.translate(IOVA, READ)).isEqualTo(NEW);
    }
  }

  @Test
  void aRangeReachesFromItsFirstPageToItsLastInclusive() {
    try (SysmmuBench bench = new SysmmuBench(5, 0)) {
      for (int page = 0; page < 4; page++) {
        bench.level2(0, IOVA + 4096L * page, bench.page(OLD + 4096L * page));
      }
      bench.enable();
      for (int page = 0; page < 4; page++) {
        assertThat(bench.translate(IOVA + 4096L * page, READ)).isEqualTo(OLD + 4096L * page);
        bench.level2(0, IOVA + 4096L * page, bench.page(NEW + 4096L * page));
      }

      bench.write(bench.variant.flushStart(), (int) IOVA + 0x1000);
      bench.write(bench.variant.flushEnd(), (int) IOVA + 0x2000);
      bench.write(bench.variant.flushRange(), 1);

      assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
      assertThat(bench.translate(IOVA + 0x1000, READ)).isEqualTo(NEW + 0x1000);
      assertThat(bench.translate(IOVA + 0x2000, READ)).isEqualTo(NEW + 0x2000);
      assertThat(bench.translate(IOVA + 0x3000, READ)).isEqualTo(OLD + 0x3000);
    }
  }

  @Test
  void oneFlushForgetsASectionExceptInAVersion2WhichMayHaveItInEachOf64Sets() {
    for (int major : new int[] {1, 2, 3, 5}) {
      try (SysmmuBench bench = new SysmmuBench(major, 0)) {
        bench.level1(IOVA, bench.section(OLD));
        bench.enable();
        assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
        assertThat(bench.translate(IOVA + 0x3f000, READ)).isEqualTo(OLD + 0x3f000);
        bench.level1(IOVA, bench.section(NEW));

        bench.write(bench.variant.flushEntry(), (int) IOVA | 1);

        long stale = major == 2 ? OLD : NEW;
        assertThat(bench.translate(IOVA, READ)).isEqualTo(NEW);
        assertThat(bench.translate(IOVA + 0x3f000, READ)).isEqualTo(stale + 0x3f000);
        for (int page = 0; page < 64; page++) {
          bench.write(bench.variant.flushEntry(), (int) IOVA + 4096 * page | 1);
        }
        assertThat(bench.translate(IOVA + 0x3f000, READ)).isEqualTo(NEW + 0x3f000);
      }
    }
  }

  @Test
  void aLinkIsKeptFromVersion3_3OnUntilItsMegabyteIsFlushed() {
    for (int[] version : new int[][] {{3, 2}, {3, 3}, {5, 0}, {7, 1}}) {
      try (SysmmuBench bench = new SysmmuBench(version[0], version[1])) {
        bench.level2(0, IOVA, bench.page(OLD));
        bench.enable();
        assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
        bench.level2(1, IOVA + 0x1000, bench.page(NEW)); // another table for that megabyte
        bench.transaction("mixer", IOVA + 0x1000, READ);

        bench.run();

        if (version[1] == 2) {
          assertThat(bench.log).containsExactly("mixer 0x80200000");
        } else {
          assertThat(bench.log).isEmpty();
          bench.write(bench.variant.flushEntry(), (int) IOVA | 1);
          bench.clearFault();
          bench.run();
          assertThat(bench.log).containsExactly("mixer 0x80200000");
        }
      }
    }
  }

  @Test
  void aWalkThatPrefetchesKeepsTheNextMegabytesLinkToo() {
    SysmmuConfig config = new SysmmuConfig(3, 3, false, true, SysmmuBench.TLB);
    try (SysmmuBench bench = new SysmmuBench(config)) {
      bench.level2(0, IOVA, bench.page(OLD));
      bench.level2(1, IOVA + 0x10_0000, 0); // a table of holes
      bench.enable();
      assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
      bench.level2(2, IOVA + 0x10_0000, bench.page(NEW));

      bench.transaction("mixer", IOVA + 0x10_0000, READ);
      bench.run();

      assertThat(bench.log).isEmpty();
      assertThat(bench.read(bench.variant.intStatus())).isEqualTo(1);
    }
  }

  @Test
  void withoutTheCacheNoLinkIsKept() {
    try (SysmmuBench bench = new SysmmuBench(3, 3)) {
      bench.level2(0, IOVA, bench.page(OLD));
      bench.enable();
      bench.write(SysmmuRegs.CFG, 4);
      assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
      bench.level2(1, IOVA + 0x1000, bench.page(NEW));

      assertThat(bench.translate(IOVA + 0x1000, READ)).isEqualTo(NEW);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void aStaleTranslationAppearsExactlyWhereAFlushWasForgotten(int major) {
    // A v2 is bounded, so it may forget more; the others forget only what they are told to.
    int pages = 1_000;
    long[] mapped = new long[pages];
    long[] kept = new long[pages];
    Random random = new Random(major);
    try (SysmmuBench bench = new SysmmuBench(major, 1)) {
      for (int i = 0; i < pages; i++) {
        mapped[i] = OLD;
        bench.level2(i / 256, IOVA + 4096L * i, bench.page(OLD));
      }
      bench.enable();
      for (int step = 0; step < 50_000; step++) {
        int page = random.nextInt(pages);
        long iova = IOVA + 4096L * page;
        switch (random.nextInt(4)) {
          case 0 -> {
            mapped[page] = OLD + 4096L * random.nextInt(1_000);
            bench.level2(page / 256, iova, bench.page(mapped[page]));
          }
          case 1 -> {
            kept[page] = 0;
            bench.write(bench.variant.flushEntry(), (int) iova | 1);
          }
          default -> {
            long got = bench.translate(iova, READ);
            boolean forgot = major == 2 && got == mapped[page];
            long expected = kept[page] != 0 && !forgot ? kept[page] : mapped[page];
            assertWithMessage("step %s", step).that(got).isEqualTo(expected);
            kept[page] = got;
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64})
  void aSmallTlbForgetsMoreButNeverInvents(int entries) {
    SysmmuConfig.Tlb tlb = new SysmmuConfig.Tlb(entries, 2, 20, 50);
    try (SysmmuBench bench = new SysmmuBench(new SysmmuConfig(5, 0, false, false, tlb))) {
      for (int i = 0; i < 256; i++) {
        bench.level2(0, IOVA + 4096L * i, bench.page(OLD + 4096L * i));
      }
      bench.enable();
      Random random = new Random(entries);
      for (int step = 0; step < 10_000; step++) {
        long offset = 4096L * random.nextInt(256) + random.nextInt(4096);
        assertThat(bench.translate(IOVA + offset, READ)).isEqualTo(OLD + offset);
      }
    }
  }

  private static void remember(SysmmuBench bench) {
    bench.level2(0, IOVA, bench.page(OLD));
    bench.enable();
    assertThat(bench.translate(IOVA, READ)).isEqualTo(OLD);
    bench.level2(0, IOVA, bench.page(NEW));
  }
}
