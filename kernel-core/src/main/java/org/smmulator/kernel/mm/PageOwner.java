package org.smmulator.kernel.mm;

/**
 * On whose account pages are held. Made by {@link PageAllocator#owner}; what it holds at the end
 * has leaked.
 */
public final class PageOwner {
  static final int NO_ID = 0;

  private final String name;
  private final PageZone zone;

  /** The allocator's number for this owner while it holds pages. */
  int id = NO_ID;

  long pagesInUse;

  PageOwner(String name, PageZone zone) {
    this.name = name;
    this.zone = zone;
  }

  /** Who it is, for people: {@code pagetable of painter[101]}. */
  public String name() {
    return name;
  }

  public PageZone zone() {
    return zone;
  }

  public long pagesInUse() {
    return pagesInUse;
  }

  @Override
  public String toString() {
    return name;
  }
}
