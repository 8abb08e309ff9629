package org.smmulator.dmabuf;

/**
 * The purpose of a fence in a {@link Reservation}. A query for a level returns the fences of that
 * level and of those before it. Kernel: {@code enum dma_resv_usage}.
 */
public enum Usage {
  /** The kernel moves or clears the memory: everybody waits. */
  KERNEL,
  /** Somebody writes: readers wait. */
  WRITE,
  /** Somebody reads: writers wait. */
  READ,
  /** The memory must not be freed; there is no implicit wait. */
  BOOKKEEP;

  /** The level that new work must wait for. Kernel: {@code dma_resv_usage_rw()}. */
  public static Usage toWaitFor(boolean write) {
    return write ? READ : WRITE;
  }
}
