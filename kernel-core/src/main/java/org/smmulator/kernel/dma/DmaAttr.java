package org.smmulator.kernel.dma;

/** Bits that say how memory is to be mapped or allocated. Kernel: {@code DMA_ATTR_*}. */
public final class DmaAttr {
  public static final int NONE = 0;

  /** The caller does {@link DmaApi#syncForDevice} and {@link DmaApi#syncForCpu} itself. */
  public static final int SKIP_CPU_SYNC = 1 << 5;

  /** Coherent memory is one physical run, behind an IOMMU too. */
  public static final int FORCE_CONTIGUOUS = 1 << 6;

  /** A failure is not worth a line in the log. */
  public static final int NO_WARN = 1 << 8;

  /** Only privileged transactions of the device may use it. */
  public static final int PRIVILEGED = 1 << 9;

  /** It is a device's registers, not memory. */
  public static final int MMIO = 1 << 10;

  private DmaAttr() {}
}
