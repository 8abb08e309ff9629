package org.smmulator.uapi.dmabuf;

import org.smmulator.uapi.Ioc;

/** The ioctl of a heap of shared buffers. */
public final class DmaHeapIoctl {
  /** {@code DMA_HEAP_IOCTL_ALLOC}. */
  public static final int ALLOC = Ioc.iowr('H', 0, DmaHeapAllocation.LAYOUT);

  private DmaHeapIoctl() {}
}
