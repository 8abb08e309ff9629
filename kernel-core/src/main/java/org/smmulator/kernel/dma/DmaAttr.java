package org.smmulator.kernel.dma;

import com.google.common.collect.ImmutableList;
import java.util.StringJoiner;

/** Bits that say how memory is to be mapped or allocated. Kernel: {@code DMA_ATTR_*}. */
public final class DmaAttr {
  private record Named(int bit, String name) {}

  public static final int NONE = 0;

  /** The caller does {@link DmaApi#syncForDevice} and {@link DmaApi#syncForCpu} itself. */
  public static final int SKIP_CPU_SYNC = 1 << 5;

  /** Coherent memory is one physical run, behind an IOMMU too. */
  public static final int FORCE_CONTIGUOUS = 1 << 6;

  /** A failure is not worth a line in the log. */
  public static final int NO_WARN = 1 << 8;

  /** Only privileged transactions of the device may use it. */
  public static final int PRIVILEGED = 1 << 9;

  /** The range is a device's registers, not memory. */
  public static final int MMIO = 1 << 10;

  private static final ImmutableList<Named> NAMED =
      ImmutableList.of(
          new Named(SKIP_CPU_SYNC, "SKIP_CPU_SYNC"),
          new Named(FORCE_CONTIGUOUS, "FORCE_CONTIGUOUS"),
          new Named(NO_WARN, "NO_WARN"),
          new Named(PRIVILEGED, "PRIVILEGED"),
          new Named(MMIO, "MMIO"));

  private DmaAttr() {}

  /** The bits' names, as a trace shows them. Kernel: {@code decode_dma_attrs()}. */
  static String names(int attrs) {
    StringJoiner names = new StringJoiner("|");
    for (Named bit : NAMED) {
      if ((attrs & bit.bit) != 0) {
        names.add(bit.name);
      }
    }
    return names.toString();
  }
}
