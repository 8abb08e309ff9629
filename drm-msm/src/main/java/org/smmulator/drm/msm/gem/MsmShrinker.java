package org.smmulator.drm.msm.gem;

import java.util.function.BooleanSupplier;
import org.smmulator.drm.gem.GemLru;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.Reclaim;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/**
 * Takes pages back from buffers when memory is short: first from those that nobody needs, then, if
 * there is swap, from those that nobody uses now, then it waits a little for those in use. Kernel:
 * {@code msm_gem_shrinker.c}.
 *
 * <p>A lock that is held is not waited for, because who asks for memory may hold it: that buffer is
 * left alone.
 */
public final class MsmShrinker implements Reclaim.Shrinker {
  /** {@code SHRINK_STOP}: nothing was freed, or nothing is left. */
  public static final long STOP = -1;

  private final MsmGemLists lists;
  private final PageAllocator pages;
  private final BooleanSupplier evicts;
  private final Tracepoint<GemTrace.Shrink> shrinkTrace;
  private long lastShrunk;

  /**
   * Makes a shrinker of the buffers in {@code lists}.
   *
   * @param evicts says whether needed buffers go to swap: {@code enable_eviction}
   */
  public MsmShrinker(
      MsmGemLists lists, PageAllocator pages, BooleanSupplier evicts, Tracer tracer) {
    this.lists = lists;
    this.pages = pages;
    this.evicts = evicts;
    this.shrinkTrace = tracer.tracepoint(GemTrace.Shrink.class);
  }

  /** How many pages could be taken back. Kernel: {@code msm_gem_shrinker_count()}. */
  public long count() {
    return lists.dontneed.pages() + (canSwap() ? lists.willneed.pages() : 0);
  }

  private boolean canSwap() {
    return evicts.getAsBoolean() && pages.reclaim().swap().freePages() > 0;
  }

  /** Takes pages back for an allocation, which may block. */
  @Override
  public long scan(long wanted) {
    return scan(wanted, true).freed();
  }

  /**
   * Takes pages back because somebody wrote how many to {@code shrink} in debugfs, without waiting.
   * Kernel: {@code msm_gem_shrinker_shrink()}.
   *
   * @param wanted how many pages to look for, unsigned
   * @return how many pages; {@link #STOP} if none, or if all that there were
   */
  public long shrink(long wanted) {
    GemLru.Scanned done = scan(wanted < 0 ? Long.MAX_VALUE : wanted, false);
    return done.freed() > 0 && done.remaining() > 0 ? done.freed() : STOP;
  }

  /** Does so for the node of debugfs, and remembers how many pages that were. */
  public void shrinkNow(long wanted) {
    lastShrunk = shrink(wanted);
  }

  /** Returns what {@link #shrink} gave the last time that somebody wrote to the node; else 0. */
  public long lastShrunk() {
    return lastShrunk;
  }

  /** Kernel: {@code msm_gem_shrinker_scan()}. */
  private GemLru.Scanned scan(long wanted, boolean mayBlock) {
    GemLru.Scanned none = new GemLru.Scanned(0, 0);
    Pass pass = new Pass(wanted);
    var purged = pass.run(lists.dontneed, object -> of(object).tryPurge());
    var evicted = canSwap() ? pass.run(lists.willneed, object -> of(object).tryEvict()) : none;
    var activePurged =
        mayBlock ? pass.run(lists.dontneed, object -> of(object).awaitAndPurge()) : none;
    var activeEvicted =
        mayBlock && canSwap()
            ? pass.run(lists.willneed, object -> of(object).awaitAndEvict())
            : none;
    if (pass.freed > 0 && shrinkTrace.on) {
      shrinkTrace.emit(
          new GemTrace.Shrink(
              wanted,
              purged.freed(),
              evicted.freed(),
              activePurged.freed(),
              activeEvicted.freed()));
    }
    return new GemLru.Scanned(pass.freed, pass.remaining);
  }

  private static MsmGemObject of(GemObject object) {
    return (MsmGemObject) object;
  }

  /** Stages of one scan, each for what those before it did not find. */
  private static final class Pass {
    private final long wanted;
    private long freed;
    private long remaining;

    Pass(long wanted) {
      this.wanted = wanted;
    }

    GemLru.Scanned run(GemLru list, GemLru.Shrink shrink) {
      GemLru.Scanned done = list.scan(wanted - freed, shrink);
      freed += done.freed();
      remaining += done.remaining();
      return done;
    }
  }
}
