package org.smmulator.drm.msm.gem;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.smmulator.drm.gem.GemLru;

/**
 * All buffers of a device, and the lists by which the shrinker finds those that it may take pages
 * from. Kernel: {@code msm_drm_private.lru} and {@code .objects}.
 */
public final class MsmGemLists {
  /** Buffers without pages. */
  final GemLru unbacked = new GemLru("unbacked");

  /** Buffers whose pages stay: a submit is about to use them, or another device does. */
  final GemLru pinned = new GemLru("pinned");

  /** Buffers with pages that are needed. */
  final GemLru willneed = new GemLru("willneed");

  /** Buffers with pages that nobody needs. */
  final GemLru dontneed = new GemLru("dontneed");

  private final Set<MsmGemObject> all = new LinkedHashSet<>();

  void add(MsmGemObject object) {
    all.add(object);
  }

  void remove(MsmGemObject object) {
    all.remove(object);
  }

  /** The buffers of the device, the oldest first. */
  public ImmutableList<MsmGemObject> all() {
    return ImmutableList.copyOf(all);
  }

  /** Puts a buffer into the list that its state says. Kernel: {@code update_lru_locked()}. */
  void update(MsmGemObject object) {
    GemLru list =
        !object.isResident()
            ? unbacked
            : object.isPinned()
                ? pinned
                : object.advice() == Madvice.WILLNEED ? willneed : dontneed;
    list.moveTail(object);
  }
}
