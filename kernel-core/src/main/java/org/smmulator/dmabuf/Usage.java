package org.smmulator.dmabuf;

/**
 * What a fence in a {@link Reservation} stands for. Who asks for a level gets the fences of that
 * level and of those before it. Kernel: {@code enum dma_resv_usage}.
 */
public enum Usage {
  /** The kernel moves or clears the memory: everybody waits. */
  KERNEL,
  /** Somebody writes: readers wait. */
  WRITE,
  /** Somebody reads: writers wait. */
  READ,
  /** Nobody waits implicitly; the memory just must not go away. */
  BOOKKEEP;

  /** What new work must wait for. Kernel: {@code dma_resv_usage_rw()}. */
  public static Usage toWaitFor(boolean write) {
    return write ? READ : WRITE;
  }
}
