package org.smmulator.iommu.pgtable;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Range;

/** Reads one entry of a table that is not at hand, as a log or a dump of memory shows it. */
public final class PgtableEntry {
  private static final LpaeGeometry LPAE_4K = LpaeGeometry.stage1(12, 48);
  private static final IoPgtableConfig LPAE_CONFIG =
      new IoPgtableConfig(ImmutableSet.of(), 1L << 12, 48, 48, true);
  private static final V7sEntries V7S = V7sEntries.of(LPAE_CONFIG);

  private PgtableEntry() {}

  /** The levels that a table of {@code format} can have, the root's first. */
  public static Range<Integer> levels(IoPgtableFormat format) {
    return switch (format) {
      case ARM_64_LPAE_S1, ARM_64_LPAE_S2 -> Range.closed(0, LpaeGeometry.LAST_LEVEL);
      case ARM_32_LPAE_S1, ARM_32_LPAE_S2 -> Range.closed(1, LpaeGeometry.LAST_LEVEL);
      case ARM_V7S, EXYNOS, EXYNOS_V5 -> Range.closed(1, 2);
    };
  }

  /** The width of an entry, in bits. */
  public static int bits(IoPgtableFormat format) {
    return switch (format) {
      case ARM_64_LPAE_S1, ARM_64_LPAE_S2, ARM_32_LPAE_S1, ARM_32_LPAE_S2 -> Long.SIZE;
      case ARM_V7S, EXYNOS, EXYNOS_V5 -> Integer.SIZE;
    };
  }

  /**
   * Says in words what {@code entry} means: {@code page 0x80000000 rw}. LPAE is read with the 4 KiB
   * granule; no format has a quirk.
   *
   * @param level one of {@link #levels}
   */
  public static String describe(IoPgtableFormat format, int level, long entry) {
    checkArgument(levels(format).contains(level), "level %s of %s", level, format);
    return switch (format) {
      case ARM_64_LPAE_S1, ARM_64_LPAE_S2, ARM_32_LPAE_S1, ARM_32_LPAE_S2 -> {
        LpaeAttributes attributes = new LpaeAttributes(format, LPAE_CONFIG);
        yield LpaeDescriptor.decode(entry, level, LPAE_4K, attributes).toString();
      }
      case ARM_V7S -> (entry & V7sBits.TYPE) == 0 ? "invalid" : V7S.describe((int) entry, level);
      case EXYNOS -> describe(ExynosEncoding.V1, level, (int) entry);
      case EXYNOS_V5 -> describe(ExynosEncoding.V5, level, (int) entry);
    };
  }

  /**
   * The fields of {@code entry} by their architectural names, the highest first; with the granule
   * and quirks of {@link #describe}.
   */
  public static ImmutableList<PgtableField> fields(IoPgtableFormat format, int level, long entry) {
    checkArgument(levels(format).contains(level), "level %s of %s", level, format);
    return PgtableField.of(format, level, entry);
  }

  private static String describe(ExynosEncoding encoding, int level, int entry) {
    if (level == 2) {
      return ExynosEncoding.isHole(entry) ? "invalid" : encoding.describePage(entry);
    }
    if (ExynosEncoding.isSection(entry)) {
      return encoding.describeSection(entry);
    }
    return ExynosEncoding.isLink(entry)
        ? "table 0x%x".formatted(encoding.tablePa(entry))
        : "invalid";
  }
}
