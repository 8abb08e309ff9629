package org.smmulator.architecture;

import com.google.common.collect.ImmutableSetMultimap;

/**
 * Offences against the rules of the house that are older than the rule. The list only shrinks: who
 * mends one takes its line out.
 */
final class KnownOffences {
  private static final ImmutableSetMultimap<String, String> BY_RULE =
      ImmutableSetMultimap.<String, String>builder()
          .putAll(
              "a simple name exists once",
              "Command is in",
              "CommandQueue is in",
              "Commands is in",
              "Context is in",
              "CommandStream is in",
              "ContextBank is in",
              "Invalidations is in",
              "Leaf is in",
              "MsiDoorbells is in",
              "Place is in",
              "QcomIommu is in",
              "SmmuV3 is in",
              "Stage2 is in",
              "StreamMap is in",
              "Tlb is in",
              "Walker is in")
          .putAll("no driver outside its rooms in the faces", "org.smmulator.machine.")
          .putAll(
              "a package has few types",
              "org.smmulator.iommu has",
              "org.smmulator.iommu.smmuv3 has")
          .putAll("a constructor takes few booleans", "org.smmulator.hw.", "org.smmulator.iommu.")
          .putAll(
              "values of a switch are nested in its interface",
              "a value of MAP_SPLIT",
              "a value of DMA_DOMAIN",
              "a value of DRIVER_DOMAIN",
              "a value of PAGE_SIZES",
              "a value of GROUPS",
              "a value of TASK_MODE",
              "a value of IOMMU_LOOKUP")
          .putAll("doors of software speak", "/org/smmulator/kernel/", "/org/smmulator/iommu/")
          .build();

  private KnownOffences() {}

  static boolean has(String rule, String offence) {
    return BY_RULE.get(rule).stream().anyMatch(offence::contains);
  }
}
