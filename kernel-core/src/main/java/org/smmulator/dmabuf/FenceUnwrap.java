package org.smmulator.dmabuf;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Fences out of arrays and chains, and many fences as one. Kernel: {@code dma-fence-unwrap.c}. */
public final class FenceUnwrap {
  /** By timeline, and on one timeline the latest first. */
  private static final Comparator<Fence> LATEST_FIRST =
      (one, other) -> {
        if (one.context() != other.context()) {
          return Long.compareUnsigned(one.context(), other.context());
        }
        if (other.isLaterThan(one)) {
          return 1;
        }
        return one.isLaterThan(other) ? -1 : 0;
      };

  private FenceUnwrap() {}

  /** Returns whether {@code fence} stands for others. Kernel: {@code dma_fence_is_container()}. */
  public static boolean isContainer(Fence fence) {
    return fence instanceof FenceArray || fence instanceof FenceChain;
  }

  /**
   * Shows {@code reader} the fences that {@code head} consists of: those of its chain from the
   * newest on, and of each of them those of its array. Kernel: {@code dma_fence_unwrap_for_each()}.
   */
  public static void forEach(Fence head, Consumer<Fence> reader) {
    for (Fence at = head; at != null; at = FenceChain.walk(at)) {
      if (FenceChain.containedIn(at) instanceof FenceArray array) {
        array.fences().forEach(reader);
      } else {
        reader.accept(FenceChain.containedIn(at));
      }
    }
  }

  /**
   * Returns a fence that signals when all of {@code fences} have, with no chain and no array in an
   * array: the last fence of each timeline that has not signalled; that fence itself if it is the
   * only one; and if none is left a fence that signalled when the last of them did. Kernel: {@code
   * dma_fence_unwrap_merge()}.
   */
  public static Fence merge(FenceContexts contexts, List<Fence> fences) {
    List<Fence> pending = new ArrayList<>();
    long[] lastNs = {0};
    for (Fence fence : fences) {
      forEach(
          fence,
          each -> {
            if (each.isSignaled()) {
              lastNs[0] = Math.max(lastNs[0], each.timestampNs());
            } else {
              pending.add(each);
            }
          });
    }
    if (pending.isEmpty()) {
      return contexts.signaled(lastNs[0]);
    }
    ImmutableList<Fence> latest = latestOfEachTimeline(pending);
    return latest.size() == 1 ? latest.getFirst() : contexts.all(latest);
  }

  /** Kernel: {@code dma_fence_dedup_array()}. */
  private static ImmutableList<Fence> latestOfEachTimeline(List<Fence> fences) {
    fences.sort(LATEST_FIRST);
    ImmutableList.Builder<Fence> latest = ImmutableList.builder();
    Fence last = null;
    for (Fence fence : fences) {
      if (last == null || last.context() != fence.context()) {
        latest.add(fence);
      }
      last = fence;
    }
    return latest.build();
  }
}
