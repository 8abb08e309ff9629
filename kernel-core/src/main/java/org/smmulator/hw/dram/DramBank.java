package org.smmulator.hw.dram;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A run of physical addresses behind which there is memory.
 *
 * @param base the first physical address, page aligned
 * @param sizeBytes whole pages
 */
public record DramBank(long base, long sizeBytes) {
  public DramBank {
    checkArgument(base >= 0 && base % 4096 == 0, "base 0x%s", Long.toHexString(base));
    checkArgument(sizeBytes > 0 && sizeBytes % 4096 == 0, "size 0x%s", Long.toHexString(sizeBytes));
  }

  /** The first address after the bank. */
  public long end() {
    return base + sizeBytes;
  }
}
