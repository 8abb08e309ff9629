package org.smmulator.iommu.pgtable;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.OptionalLong;
import org.smmulator.hw.dram.Dram;

/** Software's walk of an LPAE table, for people and tests. Arm ARM D8.2. */
public final class LpaeWalk {
  private static final LpaeGeometry PROCESS = LpaeGeometry.stage1(12, 48);
  private static final LpaeAttributes PROCESS_ATTRIBUTES =
      new LpaeAttributes(
          IoPgtableFormat.ARM_64_LPAE_S1,
          new IoPgtableConfig(ImmutableSet.of(), 1L << 12, 48, 48, true));

  private LpaeWalk() {}

  /**
   * Walks the table of a process, which its CPUs and, by SVA, devices read.
   *
   * @param rootPa what TTBR0 holds, without an ASID
   * @param va an address of the lower half
   */
  public static PgtableWalk ofProcess(Dram dram, long rootPa, long va) {
    return va >>> 48 == 0
        ? walk(dram, rootPa, IoPgtableFormat.ARM_64_LPAE_S1, PROCESS, PROCESS_ATTRIBUTES, va)
        : PgtableWalk.nowhere(va);
  }

  /** Walks a table that reaches as far as {@code iova}. */
  static PgtableWalk walk(
      Dram dram,
      long rootPa,
      IoPgtableFormat format,
      LpaeGeometry geometry,
      LpaeAttributes attributes,
      long iova) {
    ImmutableList.Builder<PgtableWalk.Step> steps = ImmutableList.builder();
    long tablePa = rootPa;
    for (int level = geometry.startLevel(); ; level++) {
      PgtableWalk.Index index =
          PgtableWalk.Index.of(iova, geometry.shift(level), geometry.indexBits(level));
      long entryPa = tablePa + ((long) index.value() << LpaeGeometry.ENTRY_SHIFT);
      long bits = dram.getLong(entryPa);
      LpaeDescriptor found = LpaeDescriptor.decode(bits, level, geometry, attributes);
      steps.add(new PgtableWalk.Step(format, level, index, entryPa, bits, found.toString()));
      switch (found) {
        case LpaeDescriptor.Table(long nextTablePa) -> tablePa = nextTablePa;
        case LpaeDescriptor.Invalid() -> {
          return new PgtableWalk(iova, steps.build(), OptionalLong.empty());
        }
        case LpaeDescriptor.Leaf(int _, long pa, int _) -> {
          long offset = iova & ((1L << geometry.shift(level)) - 1);
          return new PgtableWalk(iova, steps.build(), OptionalLong.of(pa | offset));
        }
      }
    }
  }
}
