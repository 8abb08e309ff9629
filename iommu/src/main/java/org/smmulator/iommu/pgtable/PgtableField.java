package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * Some bits of an entry of a pagetable, by their architectural name and with what stands in them.
 *
 * @param high the highest of the bits
 * @param low the lowest of the bits
 */
public record PgtableField(String name, int high, int low, long value) {

  /**
   * The fields of an entry, the highest first; what hardware ignores has no name. LPAE is read with
   * the 4 KiB granule, and no format has a quirk.
   *
   * @param level one of {@link PgtableEntry#levels}
   */
  static ImmutableList<PgtableField> of(IoPgtableFormat format, int level, long entry) {
    Reader read = new Reader(entry);
    switch (format) {
      case ARM_64_LPAE_S1, ARM_32_LPAE_S1 -> lpae(read, level, false);
      case ARM_64_LPAE_S2, ARM_32_LPAE_S2 -> lpae(read, level, true);
      case ARM_V7S -> shortDescriptor(read, level);
      case EXYNOS -> exynos(read, level, ExynosEncoding.V1);
      case EXYNOS_V5 -> exynos(read, level, ExynosEncoding.V5);
    }
    return read.fields.build();
  }

  /** {@code AP[7:6]=01}, in binary; an address in hexadecimal. */
  @Override
  public String toString() {
    String place = high == low ? "[%d]".formatted(low) : "[%d:%d]".formatted(high, low);
    return name + place + "=" + (isAddress() ? "0x%x".formatted(value) : binary());
  }

  private boolean isAddress() {
    return name.equals("output") || name.equals("next");
  }

  private String binary() {
    int bits = high - low + 1;
    return Long.toBinaryString(1L << bits | value).substring(1);
  }

  private static final class Reader {
    private final long entry;
    private final ImmutableList.Builder<PgtableField> fields = ImmutableList.builder();

    Reader(long entry) {
      this.entry = entry;
    }

    int type() {
      return (int) entry & 0b11;
    }

    boolean isSet(int bit) {
      return (entry >>> bit & 1) != 0;
    }

    @CanIgnoreReturnValue
    Reader bit(String name, int bit) {
      return bits(name, bit, bit);
    }

    @CanIgnoreReturnValue
    Reader bits(String name, int high, int low) {
      long mask = (1L << (high - low + 1)) - 1;
      fields.add(new PgtableField(name, high, low, entry >>> low & mask));
      return this;
    }
  }

  /** Arm ARM D8.3.1; see {@link LpaeBits}. */
  private static void lpae(Reader read, int level, boolean stage2) {
    if (!read.isSet(0)) {
      read.bit("valid", 0);
      return;
    }
    boolean last = level == LpaeGeometry.LAST_LEVEL;
    if (!last && read.isSet(1)) {
      if (!stage2) {
        read.bit("NSTable", 63).bits("APTable", 62, 61).bit("UXNTable", 60);
        read.bit("PXNTable", 59);
      }
      read.bits("next", 47, 12).bit("table", 1).bit("valid", 0);
      return;
    }
    if (stage2) {
      read.bits("XN", 54, 53);
    } else {
      read.bit("UXN", 54).bit("PXN", 53);
    }
    read.bit("Contiguous", 52).bit("DBM", 51).bits("output", 47, 12);
    if (stage2) {
      read.bit("AF", 10).bits("SH", 9, 8).bits("S2AP", 7, 6).bits("MemAttr", 5, 2);
    } else {
      read.bit("nG", 11).bit("AF", 10).bits("SH", 9, 8).bits("AP", 7, 6).bit("NS", 5);
      read.bits("AttrIndx", 4, 2);
    }
    read.bit(last ? "page" : "table", 1).bit("valid", 0);
  }

  /** Arm ARM (ARMv7-A) B3.5.1; see {@link V7sBits}. */
  private static void shortDescriptor(Reader read, int level) {
    if (read.type() == 0) {
      read.bits("type", 1, 0);
    } else if (level == 2) {
      shortPage(read);
    } else if (read.type() == V7sBits.TYPE_TABLE) {
      read.bits("next", 31, 10).bit("NS", 3).bits("type", 1, 0);
    } else {
      read.bits("output", 31, read.isSet(18) ? 24 : 20).bit("NS", 19);
      read.bit("supersection", 18).bit("nG", 17).bit("S", 16).bit("AP2", 15);
      read.bits("TEX", 14, 12).bits("AP", 11, 10).bit("XN", 4).bit("C", 3).bit("B", 2);
      read.bits("type", 1, 0);
    }
  }

  private static void shortPage(Reader read) {
    boolean large = read.type() == V7sBits.TYPE_LARGE_PAGE;
    if (large) {
      read.bits("output", 31, 16).bit("XN", 15).bits("TEX", 14, 12);
    } else {
      read.bits("output", 31, 12);
    }
    read.bit("nG", 11).bit("S", 10).bit("AP2", 9);
    if (!large) {
      read.bits("TEX", 8, 6);
    }
    read.bits("AP", 5, 4).bit("C", 3).bit("B", 2).bit("page", 1);
    read.bit(large ? "large" : "XN", 0);
  }

  /** Kernel: {@code exynos-iommu.c}; see {@link ExynosEncoding}. */
  private static void exynos(Reader read, int level, ExynosEncoding encoding) {
    boolean v1 = encoding == ExynosEncoding.V1;
    int down = encoding.addressShift();
    if (read.type() == 0) {
      read.bits("type", 1, 0);
    } else if (level == 1 && ExynosEncoding.isLink((int) read.entry)) {
      read.bits("next", 31, 10 - down).bits("type", 1, 0);
    } else if (level == 1) {
      read.bits("output", 31, ExynosEncoding.SECTION_SHIFT - down);
      if (v1) {
        read.bit("read-only", 15).bit("access", 10);
      } else {
        read.bits("prot", 5, 4);
      }
      read.bits("type", 1, 0);
    } else {
      boolean large = ExynosEncoding.isLargePage((int) read.entry);
      int shift = large ? ExynosEncoding.LARGE_PAGE_SHIFT : ExynosEncoding.PAGE_SHIFT;
      read.bits("output", 31, shift - down);
      if (v1) {
        read.bit("read-only", 9).bit("access", 4);
      } else {
        read.bits("prot", 3, 2);
      }
      read.bits("type", 1, 0);
    }
  }
}
