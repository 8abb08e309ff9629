package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.regs.smmuv2.Cb;

/**
 * Random maps, accesses, table switches and invalidations, some of them forgotten, against a
 * reference that keeps for every page and ASID what the TLB must hold.
 */
class StaleTranslationPropertyTest {
  private static final int STREAM = 5;
  private static final int ASIDS = 3;
  private static final int PAGES = 2_000; // more than the TLB starts with, so that it grows
  private static final long FIRST_IOVA = 0x1_0000_0000L;
  private static final long NOTHING = 0;
  private static final int STEPS = 60_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aStaleTranslationAppearsExactlyWhereAnInvalidationWasForgotten(long seed)
      throws DramUnavailableException {
    try (SmmuBench bench = new SmmuBench()) {
      new Run(bench, new Random(seed)).go();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 512})
  void aSmallTlbForgetsMoreButNeverInvents(int entries) throws DramUnavailableException {
    SmmuV2Config config =
        new SmmuV2Config(
            SmmuBench.STREAMS,
            SmmuBench.BANKS,
            SmmuBench.SPLIT,
            new SmmuV2Config.Tlb(entries, 2, 20, 50));
    try (SmmuBench bench = new SmmuBench(config)) {
      Run run = new Run(bench, new Random(entries));
      run.mayForget = true;
      run.go();
    }
  }

  private static final class Run {
    private final SmmuBench bench;
    private final Random random;
    private final HandTables tables;
    private final long[] roots = new long[ASIDS];
    private final long[][] mapped = new long[ASIDS][PAGES];
    private final long[][] cached = new long[ASIDS][PAGES];
    private boolean mayForget;
    private int current;

    Run(SmmuBench bench, Random random) {
      this.bench = bench;
      this.random = random;
      tables = bench.tables();
      bench.enable();
      bench.route(0, STREAM, 0, 0);
      for (int asid = 0; asid < ASIDS; asid++) {
        roots[asid] = tables.table();
      }
      bench.start(0, roots[0], 0, TCR_SPLIT, SCTLR);
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        int asid = random.nextInt(ASIDS);
        int page = random.nextInt(PAGES);
        switch (random.nextInt(1_000)) {
          case 0 -> invalidateAll();
          case 1, 2 -> invalidateAsid(asid);
          case 3, 4, 5, 6 -> switchTo(asid);
          default -> {
            switch (random.nextInt(4)) {
              case 0 -> change(asid, page, 0x8000_0000L + 4096L * random.nextInt(256));
              case 1 -> change(asid, page, NOTHING);
              case 2 -> access(page, step);
              default -> invalidatePage(asid, page);
            }
            access(page, step);
          }
        }
      }
    }

    private void change(int asid, int page, long pa) {
      mapped[asid][page] = pa;
      tables.put(roots[asid], iova(page), 3, pa == NOTHING ? 0 : pa | HandTables.PAGE);
      if (random.nextBoolean()) { // half of the time software forgets
        invalidatePage(asid, page);
      }
    }

    private void access(int page, int step) {
      long held = cached[current][page];
      long walked = mapped[current][page];
      long expected = held != NOTHING ? held : walked;
      bench.bank(0, Cb.FSR, -1);
      long got = bench.translate(STREAM, iova(page), READ);

      long seen = got == ABORT ? NOTHING : got;
      if (mayForget && seen == walked) {
        cached[current][page] = walked;
        return;
      }
      assertWithMessage("step %s, page %s, asid %s", step, page, current)
          .that(seen)
          .isEqualTo(expected);
      cached[current][page] = expected;
    }

    private void invalidatePage(int asid, int page) {
      bench.bank(0, Cb.TLBIVAL, iova(page) >> 12 | (long) asid << 48);
      cached[asid][page] = NOTHING;
    }

    private void invalidateAsid(int asid) {
      bench.bank(0, Cb.TLBIASID, asid);
      Arrays.fill(cached[asid], NOTHING);
    }

    private void invalidateAll() {
      bench.bank(0, Cb.TLBIALL, 0);
      for (long[] ofAsid : cached) {
        Arrays.fill(ofAsid, NOTHING);
      }
    }

    private void switchTo(int asid) {
      long ttbr0 = roots[asid] | (long) asid << 48;
      current = asid;
      if (random.nextBoolean()) {
        bench.bank(0, Cb.TTBR0, ttbr0);
      } else {
        bench.smmu.switchTable(0, ttbr0, asid);
        bench.smmu.invalidateAsid(0, asid);
        Arrays.fill(cached[asid], NOTHING);
      }
    }

    private static long iova(int page) {
      return FIRST_IOVA + 4096L * page;
    }
  }
}
