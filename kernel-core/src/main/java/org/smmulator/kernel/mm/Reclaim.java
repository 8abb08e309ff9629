package org.smmulator.kernel.mm;

import java.util.ArrayList;
import java.util.List;

/**
 * Gets memory back when none is left: from who keeps what it can do without. Kernel: {@code
 * mm/shrinker.c}, as far as {@code try_to_free_pages()} comes to it.
 *
 * <p>Left out: watermarks and {@code kswapd}. Memory is taken back by who needs it, when it does.
 */
public final class Reclaim {
  /** The owner of memory that it can do without. Kernel: {@code struct shrinker}. */
  public interface Shrinker {
    /**
     * Gives pages back. Whoever calls may hold any lock: none is waited for.
     *
     * @param pages how many are wanted
     * @return how many were given, more if that is how they hang together
     */
    long scan(long pages);
  }

  /** The least that is asked for, so that one call is worth its way. Kernel: SHRINK_BATCH. */
  private static final long BATCH_PAGES = 128;

  private final List<Shrinker> shrinkers = new ArrayList<>();
  private final SwapArea swap;

  Reclaim(CpuMemory cpu) {
    this.swap = new SwapArea(cpu);
  }

  /** Asks {@code shrinker} too from now on. Kernel: {@code shrinker_register()}. */
  public void register(Shrinker shrinker) {
    shrinkers.add(shrinker);
  }

  /** Asks {@code shrinker} no more. Kernel: {@code shrinker_free()}. */
  public void unregister(Shrinker shrinker) {
    shrinkers.remove(shrinker);
  }

  /** The room for the bytes of pages that are given back although they are needed. */
  public SwapArea swap() {
    return swap;
  }

  /** Asks each for pages; false if nobody gave one. */
  boolean shrink(long pages) {
    long freed = 0;
    for (Shrinker shrinker : List.copyOf(shrinkers)) {
      freed += shrinker.scan(Math.max(pages, BATCH_PAGES));
    }
    return freed > 0;
  }
}
