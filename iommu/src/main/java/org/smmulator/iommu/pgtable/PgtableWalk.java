package org.smmulator.iommu.pgtable;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A walk told step by step: {@code L0[0] L1[4] L2[0] L3[16] -> pa 0x91000010}.
 *
 * @param iova what was looked up
 * @param steps the entries read, from the root down; empty if the iova is outside of the table
 * @param pa where it led, if it led anywhere
 */
public record PgtableWalk(long iova, ImmutableList<Step> steps, OptionalLong pa) {
  /**
   * One entry that the walk read.
   *
   * @param level counted as the architecture does
   * @param index which entry of its table
   * @param bits the entry
   * @param meaning what the entry says, in words
   */
  public record Step(int level, int index, long bits, String meaning) {
    @Override
    public String toString() {
      return "L" + level + "[" + index + "]";
    }
  }

  @Override
  public String toString() {
    String path = steps.stream().map(step -> step + " ").collect(joining());
    return pa.isPresent()
        ? path + String.format(Locale.ROOT, "-> pa 0x%x", pa.getAsLong())
        : path + "-> nothing";
  }
}
