package org.smmulator.hw.vmsa;

import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random maps, accesses, changes of configuration and invalidations, some of them forgotten by
 * software, against a reference that keeps what a TLB without bounds and a cache of configuration
 * must hold. A subclass says which model does it.
 */
public abstract class StaleTranslationProperty {
  /** A model under test, with {@link #SPACES} sets of tables of its own. */
  protected interface Model extends AutoCloseable {
    /** How many channels (a bank, a substream) have a configuration of their own. */
    int channels();

    /** Writes the descriptor of a page; {@link #NOTHING} unmaps it. */
    void map(int space, int page, long pa);

    /** Where a page leads now through a channel; {@link #NOTHING} if it faults. */
    long translate(int channel, int page);

    /** Writes the configuration of a channel, which may be cached. */
    void select(int channel, int space);

    /** As {@link #select}, and invalidates what is cached of the space. */
    void selectAndInvalidate(int channel, int space);

    /** Has the configuration of a channel read again. */
    void refresh(int channel);

    /** Invalidates leaves, from {@code page} on. */
    void invalidate(int space, int page, int count);

    void invalidateSpace(int space);

    void invalidateAll();

    @Override
    void close();
  }

  protected static final int SPACES = 3;

  /** Nothing is mapped. */
  protected static final long NOTHING = 0;

  private static final int PAGES = 2_000; // more than the TLB starts with, so that it grows
  private static final int STEPS = 60_000;
  private static final int RANGE = 10;
  private static final int NOT_READ = -1;

  /** Makes a model whose walk cache has no bounds, or none, and that is ready to translate. */
  protected abstract Model make(int tlbEntries) throws Exception;

  /** True if a configuration is cached until {@link Model#refresh}. */
  protected abstract boolean cachesConfiguration();

  protected static long iova(int page) {
    return 0x1_0000_0000L + 4096L * page;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aStaleTranslationAppearsExactlyWhereAnInvalidationWasForgotten(long seed) throws Exception {
    try (Model model = make(Tlb.UNBOUNDED)) {
      new Run(model, new Random(seed), false).go();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 512})
  void aSmallTlbForgetsMoreButNeverInvents(int entries) throws Exception {
    try (Model model = make(entries)) {
      new Run(model, new Random(entries), true).go();
    }
  }

  private final class Run {
    private final Model model;
    private final Random random;
    private final boolean mayForget;
    private final long[][] mapped = new long[SPACES][PAGES];
    private final long[][] inTlb = new long[SPACES][PAGES];
    private final int[] inMemory;
    private final int[] inCache;

    Run(Model model, Random random, boolean mayForget) {
      this.model = model;
      this.random = random;
      this.mayForget = mayForget;
      inMemory = new int[model.channels()];
      inCache = new int[model.channels()];
      Arrays.fill(inCache, NOT_READ);
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        int space = random.nextInt(SPACES);
        int page = random.nextInt(PAGES);
        int channel = random.nextInt(inMemory.length);
        switch (random.nextInt(700)) {
          case 0 -> invalidateAll();
          case 1, 2 -> invalidateSpace(space);
          case 3, 4, 5, 6 -> select(channel, space);
          case 7, 8, 9 -> refresh(channel);
          case 10, 11 -> invalidate(space, page, RANGE);
          default -> {
            switch (random.nextInt(4)) {
              case 0 -> change(space, page, 0x8000_0000L + 4096L * random.nextInt(256));
              case 1 -> change(space, page, NOTHING);
              case 2 -> access(channel, page, step);
              default -> invalidate(space, page, 1);
            }
            access(channel, page, step);
          }
        }
      }
    }

    private void change(int space, int page, long pa) {
      mapped[space][page] = pa;
      model.map(space, page, pa);
      if (random.nextBoolean()) { // half of the time software forgets
        invalidate(space, page, 1);
      }
    }

    private void access(int channel, int page, int step) {
      if (inCache[channel] == NOT_READ) {
        inCache[channel] = inMemory[channel];
      }
      int space = inCache[channel];
      long held = inTlb[space][page];
      long walked = mapped[space][page];
      long expected = held != NOTHING ? held : walked;

      long seen = model.translate(channel, page);

      if (mayForget && seen == walked) {
        inTlb[space][page] = walked;
        return;
      }
      assertWithMessage("step %s, page %s, channel %s", step, page, channel)
          .that(seen)
          .isEqualTo(expected);
      inTlb[space][page] = expected;
    }

    private void select(int channel, int space) {
      inMemory[channel] = space;
      if (!cachesConfiguration()) {
        inCache[channel] = NOT_READ;
      }
      if (random.nextBoolean()) {
        model.select(channel, space);
      } else {
        model.selectAndInvalidate(channel, space);
        Arrays.fill(inTlb[space], NOTHING);
      }
    }

    private void refresh(int channel) {
      model.refresh(channel);
      inCache[channel] = NOT_READ;
    }

    private void invalidate(int space, int page, int count) {
      model.invalidate(space, page, count);
      Arrays.fill(inTlb[space], page, Math.min(page + count, PAGES), NOTHING);
    }

    private void invalidateSpace(int space) {
      model.invalidateSpace(space);
      Arrays.fill(inTlb[space], NOTHING);
    }

    private void invalidateAll() {
      model.invalidateAll();
      for (long[] ofSpace : inTlb) {
        Arrays.fill(ofSpace, NOTHING);
      }
    }
  }
}
