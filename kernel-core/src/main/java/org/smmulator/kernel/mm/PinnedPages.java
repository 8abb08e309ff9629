package org.smmulator.kernel.mm;

import com.google.common.primitives.ImmutableLongArray;

/**
 * Pages of a process that stay where they are while devices use them, whatever the process unmaps.
 * Kernel: what {@code pin_user_pages()} gives.
 */
public final class PinnedPages implements AutoCloseable {
  private final ImmutableLongArray pages;
  private final Runnable unpin;

  PinnedPages(ImmutableLongArray pages, Runnable unpin) {
    this.pages = pages;
    this.unpin = unpin;
  }

  /** The physical address of each page. */
  public ImmutableLongArray pages() {
    return pages;
  }

  /** Lets the pages go; once. Kernel: {@code unpin_user_pages()}. */
  @Override
  public void close() {
    unpin.run();
  }
}
