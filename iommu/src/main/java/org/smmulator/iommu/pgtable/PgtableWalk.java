package org.smmulator.iommu.pgtable;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A walk told step by step: {@code L0[0] L1[4] L2[0] L3[16] -> pa 0x91000010}.
 *
 * @param iova what was looked up
 * @param steps the entries read, from the root down; empty if the iova is outside of the table, or
 *     there is no table yet
 * @param pa where it led, if it led anywhere
 */
public record PgtableWalk(long iova, ImmutableList<Step> steps, OptionalLong pa) {
  /**
   * One entry that the walk read.
   *
   * @param format of the entry
   * @param level counted as the architecture does
   * @param index which entry of its table
   * @param entryPa the entry's place in memory
   * @param bits the entry
   * @param meaning what the entry says, in words
   */
  public record Step(
      IoPgtableFormat format, int level, Index index, long entryPa, long bits, String meaning) {
    /** The fields of the entry. */
    public ImmutableList<PgtableField> fields() {
      return PgtableField.of(format, level, bits);
    }

    /** The width of the entry. */
    public int entryBits() {
      return PgtableEntry.bits(format);
    }

    /** Log2 of the bytes that the entry maps, if it is a leaf; some are repeated 16 times. */
    public int leafShift() {
      return switch (format) {
        case ARM_V7S ->
            index.shift()
                + (V7sEntries.isRepeatedLeaf((int) bits, level) ? V7sEntries.REPEATS_SHIFT : 0);
        case EXYNOS, EXYNOS_V5 ->
            level == 2 && ExynosEncoding.isLargePage((int) bits)
                ? ExynosEncoding.LARGE_PAGE_SHIFT
                : index.shift();
        case ARM_64_LPAE_S1, ARM_64_LPAE_S2, ARM_32_LPAE_S1, ARM_32_LPAE_S2 -> index.shift();
      };
    }

    @Override
    public String toString() {
      return "L" + level + "[" + index.value() + "]";
    }
  }

  /**
   * The bits of an iova that choose an entry.
   *
   * @param shift the lowest of them
   * @param bits how many they are
   * @param value the index: {@code iova >> shift & mask()}
   */
  public record Index(int shift, int bits, int value) {
    static Index of(long iova, int shift, int bits) {
      return new Index(shift, bits, (int) (iova >>> shift) & ((1 << bits) - 1));
    }

    /** The mask of an iova that has been shifted. */
    public int mask() {
      return (1 << bits) - 1;
    }
  }

  /** A walk that finds no entry to read. */
  public static PgtableWalk nowhere(long iova) {
    return new PgtableWalk(iova, ImmutableList.of(), OptionalLong.empty());
  }

  @Override
  public String toString() {
    String path = steps.stream().map(step -> step + " ").collect(joining());
    return pa.isPresent()
        ? path + String.format(Locale.ROOT, "-> pa 0x%x", pa.getAsLong())
        : path + "-> nothing";
  }
}
