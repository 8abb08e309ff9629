package org.smmulator.drm.gem;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;

/**
 * Objects of a device that are in one state, the one that came longest ago first. Kernel: {@code
 * struct drm_gem_lru}.
 *
 * <p>An object is in one list at a time.
 */
public final class GemLru {
  /** Takes memory away from an object, whose reservation is locked. */
  @FunctionalInterface
  public interface Shrink {
    /** Returns whether it did: the object is in another list then. */
    boolean shrink(GemObject object);
  }

  /**
   * The result of a scan.
   *
   * @param freed how many pages objects had that shrank
   * @param remaining how many those had that somebody held locked
   */
  public record Scanned(long freed, long remaining) {}

  private final String name;
  private @Nullable GemObject first;
  private @Nullable GemObject last;
  private long pages;

  /** Makes an empty list; the name is for people. */
  public GemLru(String name) {
    this.name = name;
  }

  /** How many pages the objects in it have. Kernel: {@code drm_gem_lru.count}. */
  public long pages() {
    return pages;
  }

  /** Moves an object to the end, out of the list in which it is. */
  @SuppressWarnings("ReferenceEquality") // an object has an identity
  public void moveTail(GemObject object) {
    GemLru old = object.lru;
    if (old == this && last == object) {
      return;
    }
    if (old != null) {
      old.remove(object);
    }
    object.lru = this;
    object.lruPrevious = last;
    if (last == null) {
      first = object;
    } else {
      last.lruNext = object;
    }
    last = object;
    pages += object.pageCount();
  }

  /** Takes an object out; it is in no list then. Kernel: {@code drm_gem_lru_remove()}. */
  void remove(GemObject object) {
    checkState(object.lru == this, "the object is not in the list %s", name);
    GemObject previous = object.lruPrevious;
    GemObject next = object.lruNext;
    if (previous == null) {
      first = next;
    } else {
      previous.lruNext = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.lruPrevious = previous;
    }
    object.lru = null;
    object.lruPrevious = null;
    object.lruNext = null;
    pages -= object.pageCount();
  }

  /**
   * Has objects shrink, the oldest first, until {@code wanted} pages came together. No lock is
   * waited for, since who needs memory may hold it. Kernel: {@code drm_gem_lru_scan()}.
   */
  public Scanned scan(long wanted, Shrink shrink) {
    GemLru stillHere = new GemLru(name);
    long freed = 0;
    long remaining = 0;
    while (freed < wanted && first != null) {
      GemObject object = first;
      stillHere.moveTail(object);
      if (!object.tryGet()) {
        continue; // it is about to go, and take itself out
      }
      try (object) {
        try (var locked = object.reservation().tryLockAlone()) {
          if (locked == null) {
            remaining += object.pageCount();
          } else if (shrink.shrink(object)) {
            freed += object.pageCount();
          }
        }
      }
    }
    while (stillHere.first != null) {
      moveTail(stillHere.first);
    }
    return new Scanned(freed, remaining);
  }
}
