package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;

/**
 * Which addresses a device can put on its bus, and in what pieces.
 *
 * <p>Kernel: {@code dma_mask}, {@code coherent_dma_mask}, {@code bus_dma_limit}, {@code
 * dma_range_map} and {@code dma_parms} of {@code struct device}. Masks are unsigned. A platform
 * device starts with 32 bits.
 */
public final class DmaSettings {
  /** The answer of {@link #toDma} and {@link #toPa} for addresses that no range covers. */
  public static final long NOWHERE = ~0L;

  private static final long MASK_32 = 0xffff_ffffL;
  private static final long NO_BOUNDARY = -1L;
  private static final long DEFAULT_SEGMENT_BYTES = 64 << 10;

  private long mask = MASK_32;
  private long coherentMask = MASK_32;
  private long busLimit;
  private boolean coherent;
  private boolean untrusted;
  private ImmutableList<DmaRange> ranges = ImmutableList.of();
  private long maxSegmentSize = DEFAULT_SEGMENT_BYTES;
  private long segmentBoundary = NO_BOUNDARY;
  private long minAlignMask;

  /** Returns the addresses that streaming mappings may use. */
  public long mask() {
    return mask;
  }

  /** Returns the addresses that coherent allocations may use. */
  public long coherentMask() {
    return coherentMask;
  }

  public void setMask(long value) {
    mask = value;
  }

  public void setCoherentMask(long value) {
    coherentMask = value;
  }

  /** The last address that the bus above carries; 0 if it carries all. */
  public long busLimit() {
    return busLimit;
  }

  /** Returns whether the device sees what is in the CPUs' caches. */
  public boolean isCoherent() {
    return coherent;
  }

  public void setCoherent(boolean value) {
    coherent = value;
  }

  /**
   * Returns whether the device must not see more than it was given. Kernel: {@code
   * dev_is_untrusted()}.
   */
  public boolean isUntrusted() {
    return untrusted;
  }

  public void setUntrusted(boolean value) {
    untrusted = value;
  }

  /** The longest piece of a list that the device takes. Kernel: {@code dma_get_max_seg_size()}. */
  public long maxSegmentSize() {
    return maxSegmentSize;
  }

  public void setMaxSegmentSize(long sizeBytes) {
    maxSegmentSize = sizeBytes;
  }

  /**
   * A mask: no piece of a list may cross a multiple of it plus one. All ones, so none, until a
   * driver sets one. Kernel: {@code dma_get_seg_boundary()}.
   */
  public long segmentBoundary() {
    return segmentBoundary;
  }

  public void setSegmentBoundary(long mask) {
    segmentBoundary = mask;
  }

  /**
   * The low bits of an address that must stay as they are when memory is bounced. Kernel: {@code
   * dma_get_min_align_mask()}.
   */
  public long minAlignMask() {
    return minAlignMask;
  }

  public void setMinAlignMask(long mask) {
    minAlignMask = mask;
  }

  /** Returns the windows through which the bus shows memory; empty if it shows all, unmoved. */
  public ImmutableList<DmaRange> ranges() {
    return ranges;
  }

  /** The address that the bus has for {@code pa}. Kernel: {@code phys_to_dma()}. */
  public long toDma(long pa) {
    if (ranges.isEmpty()) {
      return pa;
    }
    for (int i = 0; i < ranges.size(); i++) {
      DmaRange range = ranges.get(i);
      if (Long.compareUnsigned(pa - range.cpuStart(), range.sizeBytes()) < 0) {
        return pa - range.cpuStart() + range.dmaStart();
      }
    }
    return NOWHERE;
  }

  /** The physical address behind {@code dmaAddress}. Kernel: {@code dma_to_phys()}. */
  public long toPa(long dmaAddress) {
    if (ranges.isEmpty()) {
      return dmaAddress;
    }
    for (int i = 0; i < ranges.size(); i++) {
      DmaRange range = ranges.get(i);
      if (Long.compareUnsigned(dmaAddress - range.dmaStart(), range.sizeBytes()) < 0) {
        return dmaAddress - range.dmaStart() + range.cpuStart();
      }
    }
    return NOWHERE;
  }

  /**
   * Returns whether the device can put all of the run on its bus. Kernel: {@code dma_capable()}.
   * Addresses are unsigned.
   *
   * @param deviceMask {@link #mask()} or {@link #coherentMask()}
   */
  public boolean reaches(long deviceMask, long dmaAddress, long sizeBytes) {
    long last = dmaAddress + sizeBytes - 1;
    return dmaAddress != NOWHERE
        && Long.compareUnsigned(last, dmaAddress) >= 0
        && Long.compareUnsigned(last, deviceMask) <= 0
        && (busLimit == 0 || Long.compareUnsigned(last, busLimit) <= 0);
  }

  /** Kernel: {@code dma_direct_set_offset()}, and what the device tree says. */
  public void setRanges(ImmutableList<DmaRange> value) {
    ranges = value;
  }

  public void setBusLimit(long lastAddress) {
    busLimit = lastAddress;
  }
}
