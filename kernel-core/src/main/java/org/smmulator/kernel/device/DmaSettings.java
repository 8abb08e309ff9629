package org.smmulator.kernel.device;

/**
 * Which addresses a device can put on its bus.
 *
 * <p>Kernel: {@code dma_mask}, {@code coherent_dma_mask}, {@code bus_dma_limit} and {@code
 * dma_range_map} of {@code struct device}. Masks are unsigned. A platform device starts with 32
 * bits.
 */
public final class DmaSettings {
  private static final long MASK_32 = 0xffff_ffffL;

  private long mask = MASK_32;
  private long coherentMask = MASK_32;
  private long busLimit;
  private boolean coherent;

  /** What streaming mappings may use. */
  public long mask() {
    return mask;
  }

  /** What coherent allocations may use. */
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

  /** Whether the device sees what is in the CPUs' caches. */
  public boolean isCoherent() {
    return coherent;
  }

  public void setCoherent(boolean value) {
    coherent = value;
  }

  void setBusLimit(long lastAddress) {
    busLimit = lastAddress;
  }
}
