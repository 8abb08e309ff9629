package org.smmulator.kernel.dma;

import org.smmulator.kernel.device.Device;

/**
 * Which memory may share a line of the CPUs' caches with somebody else's.
 *
 * <p>Kernel: {@code dma_kmalloc_needs_bounce()} of {@code include/linux/dma-map-ops.h}. What {@code
 * kmalloc()} gives for a few bytes is less than a line. While a device that does not snoop writes
 * to one half of a line and a CPU to the other, either loses what it wrote. So such a mapping goes
 * through a bounce pool. The rule sees a length and a direction, not where the memory came from.
 *
 * <p>Where there is no pool it does not apply: there {@code kmalloc()} gives whole lines.
 */
public final class SmallBuffers {
  /** The line that {@link org.smmulator.kernel.mm.CpuCache} has. */
  private static final long LINE_BYTES = 64;

  /** arm64's {@code ARCH_DMA_MINALIGN}, the longest line of any of its CPUs. */
  private static final long LONGEST_LINE_BYTES = 128;

  private SmallBuffers() {}

  /**
   * Returns whether a run that is mapped for {@code device} may have to share a line, and loses by
   * it.
   */
  public static boolean needBounce(Device device, long sizeBytes, DmaDirection direction) {
    // To clean a line for a device that only reads it harms nobody.
    return !device.dma().isCoherent()
        && direction != DmaDirection.TO_DEVICE
        && !isWholeLines(sizeBytes);
  }

  /** Kernel: {@code dma_kmalloc_size_aligned()}. */
  private static boolean isWholeLines(long sizeBytes) {
    return sizeBytes >= 2 * LONGEST_LINE_BYTES || roundUp(sizeBytes) % LINE_BYTES == 0;
  }

  /**
   * Returns the size of the piece for so many bytes, up to 256: a power of two, or one and a half.
   */
  // Kernel: kmalloc_size_roundup(). The sizes are those of kmalloc_info[] in mm/slab_common.c; the
  // smallest is ARCH_KMALLOC_MINALIGN, 8 on arm64.
  private static long roundUp(long sizeBytes) {
    if (sizeBytes > 64 && sizeBytes <= 96) {
      return 96;
    }
    if (sizeBytes > 128 && sizeBytes <= 192) {
      return 192;
    }
    return sizeBytes <= 8 ? 8 : Long.highestOneBit(2 * sizeBytes - 1);
  }
}
