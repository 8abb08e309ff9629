package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;

/**
 * The configuration that a table is asked to have, and, from {@link IoPgtable#config}, the one that
 * it has: the allocator narrows page sizes and address widths to what the format has.
 *
 * <p>Kernel: the input half of {@code struct io_pgtable_cfg}; the output half is {@link
 * PgtableRegisters}.
 *
 * @param pgsizeBitmap one bit for each size of leaf that the hardware has
 * @param ias input address size: bits of an iova
 * @param oas output address size: bits of a physical address
 * @param coherentWalk whether the hardware's walker snoops the CPU's caches
 */
public record IoPgtableConfig(
    ImmutableSet<Quirk> quirks, long pgsizeBitmap, int ias, int oas, boolean coherentWalk) {

  public boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }

  /** Returns this configuration with {@code quirk}. */
  public IoPgtableConfig with(Quirk quirk) {
    return withQuirks(Sets.immutableEnumSet(Sets.union(quirks, ImmutableSet.of(quirk))));
  }

  /** Returns this configuration without {@code quirk}. */
  public IoPgtableConfig without(Quirk quirk) {
    return withQuirks(Sets.immutableEnumSet(Sets.difference(quirks, ImmutableSet.of(quirk))));
  }

  /** Returns this configuration narrowed to what a format has. */
  IoPgtableConfig restrictedTo(long pgsizeBitmap, int ias, int oas) {
    return new IoPgtableConfig(quirks, pgsizeBitmap, ias, oas, coherentWalk);
  }

  private IoPgtableConfig withQuirks(ImmutableSet<Quirk> quirks) {
    return new IoPgtableConfig(quirks, pgsizeBitmap, ias, oas, coherentWalk);
  }
}
