package org.smmulator.drm.gpuvm;

/**
 * A range of GPU virtual addresses. Ends are exclusive, and comparisons unsigned.
 *
 * @param start the first address
 * @param sizeBytes 0 for none
 */
public record VaRange(long start, long sizeBytes) {
  /** No address. */
  public static final VaRange NONE = new VaRange(0, 0);

  /** The range that ends before {@code end}. */
  static VaRange between(long start, long end) {
    return new VaRange(start, end - start);
  }

  /** The first address behind it. */
  public long end() {
    return start + sizeBytes;
  }

  /** True if there is no end. Kernel: {@code drm_gpuvm_check_overflow()}. */
  boolean overflows() {
    return Long.compareUnsigned(end(), start) < 0;
  }

  boolean contains(VaRange other) {
    return Long.compareUnsigned(start, other.start) <= 0
        && Long.compareUnsigned(other.end(), end()) <= 0;
  }

  boolean overlaps(VaRange other) {
    return Long.compareUnsigned(start, other.end()) < 0
        && Long.compareUnsigned(other.start, end()) < 0;
  }
}
