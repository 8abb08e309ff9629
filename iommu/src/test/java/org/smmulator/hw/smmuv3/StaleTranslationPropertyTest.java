package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Random maps, accesses, changed context descriptors and invalidations, some of them forgotten,
 * against a reference that keeps what the configuration cache and the TLB must hold.
 */
final class StaleTranslationPropertyTest {
  private static final int SID = 5;
  private static final int SUBSTREAMS = 4;
  private static final int SPACES = 3;
  private static final int PAGES = 1_500; // more than the TLB starts with, so that it grows
  private static final long FIRST_IOVA = 0x1_0000_0000L;
  private static final long NOTHING = 0;
  private static final int STEPS = 30_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsStaleIsExactlyWhatNobodyInvalidated(long seed) throws DramUnavailableException {
    try (SmmuV3Bench bench = new SmmuV3Bench()) {
      new Run(bench, new Random(seed), false).go();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 512})
  void aSmallTlbForgetsMoreButNeverInvents(int entries) throws DramUnavailableException {
    SmmuV3Bench.Choice choice = new SmmuV3Bench.Choice();
    choice.tlbEntries = entries;
    try (SmmuV3Bench bench = new SmmuV3Bench(choice)) {
      new Run(bench, new Random(entries), true).go();
    }
  }

  /** An address space is a root and the ASID of the same number, plus one. */
  private static final class Run {
    private final SmmuV3Bench bench;
    private final Random random;
    private final boolean mayForget;
    private final long[] roots = new long[SPACES];
    private final long[][] mapped = new long[SPACES][PAGES];
    private final long[][] inTlb = new long[SPACES][PAGES];
    private final int[] inMemory = new int[SUBSTREAMS];
    private final int[] inCache = new int[SUBSTREAMS];

    Run(SmmuV3Bench bench, Random random, boolean mayForget) {
      this.bench = bench;
      this.random = random;
      this.mayForget = mayForget;
      for (int space = 0; space < SPACES; space++) {
        roots[space] = bench.tables.table();
      }
      for (int ssid = 1; ssid < SUBSTREAMS; ssid++) {
        pointAt(ssid, 0);
      }
      Arrays.fill(inCache, -1);
      bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, 2);
      bench.start();
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        int space = random.nextInt(SPACES);
        int page = random.nextInt(PAGES);
        int ssid = 1 + random.nextInt(SUBSTREAMS - 1);
        switch (random.nextInt(400)) {
          case 0 -> forgetAll();
          case 1, 2 -> forgetSpace(space);
          case 3, 4, 5, 6 -> pointAt(ssid, space);
          case 7, 8 -> forgetContext(ssid);
          case 9 -> forgetRange(space, page);
          default -> {
            switch (random.nextInt(4)) {
              case 0 -> change(space, page, 0x8000_0000L + 4096L * random.nextInt(256));
              case 1 -> change(space, page, NOTHING);
              case 2 -> access(ssid, page, step);
              default -> forgetPage(space, page);
            }
            access(ssid, page, step);
          }
        }
      }
    }

    private void change(int space, int page, long pa) {
      mapped[space][page] = pa;
      bench.tables.put(roots[space], 0, iova(page), 3, pa == NOTHING ? 0 : pa | HandTables.PAGE);
      if (random.nextBoolean()) { // half of the time software forgets
        forgetPage(space, page);
      }
    }

    private void access(int ssid, int page, int step) {
      if (inCache[ssid] < 0) {
        inCache[ssid] = inMemory[ssid];
      }
      int space = inCache[ssid];
      long held = inTlb[space][page];
      long walked = mapped[space][page];
      long expected = held != NOTHING ? held : walked;

      long got = bench.translate(SID, ssid, iova(page), READ);
      bench.write1(SmmuV3Regs.EVTQ_CONS, bench.read1(SmmuV3Regs.EVTQ_PROD));

      long seen = got == ABORT ? NOTHING : got;
      if (mayForget && seen == walked) {
        inTlb[space][page] = walked;
        return;
      }
      assertWithMessage("step %s, page %s, substream %s", step, page, ssid)
          .that(seen)
          .isEqualTo(expected);
      inTlb[space][page] = expected;
    }

    private void pointAt(int ssid, int space) {
      inMemory[ssid] = space;
      bench.cd(CONTEXTS + 64L * ssid, CD_48_4K | asid(space), roots[space]);
    }

    private void forgetContext(int ssid) {
      bench.command(0x05 | (long) ssid << 12 | (long) SID << 32, 1);
      inCache[ssid] = -1;
    }

    private void forgetPage(int space, int page) {
      bench.command(0x12 | asid(space), iova(page) | 1);
      inTlb[space][page] = NOTHING;
    }

    /** Ten pages: NUM is five, SCALE one. */
    private void forgetRange(int space, int page) {
      bench.command(0x12 | asid(space) | 4 << 12 | 1 << 20, iova(page) | 1 << 10 | 1);
      Arrays.fill(inTlb[space], page, Math.min(page + 10, PAGES), NOTHING);
    }

    private void forgetSpace(int space) {
      bench.command(0x11 | asid(space), 0);
      Arrays.fill(inTlb[space], NOTHING);
    }

    private void forgetAll() {
      bench.command(0x30, 0);
      for (long[] ofSpace : inTlb) {
        Arrays.fill(ofSpace, NOTHING);
      }
    }

    private static long asid(int space) {
      return (long) (space + 1) << 48;
    }

    private static long iova(int page) {
      return FIRST_IOVA + 4096L * page;
    }
  }
}
