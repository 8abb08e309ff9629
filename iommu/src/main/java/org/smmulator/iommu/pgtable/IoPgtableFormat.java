package org.smmulator.iommu.pgtable;

/** The kinds of table that {@link IoPgtables} makes. Kernel: {@code enum io_pgtable_fmt}. */
public enum IoPgtableFormat {
  ARM_32_LPAE_S1,
  ARM_32_LPAE_S2,
  ARM_64_LPAE_S1,
  ARM_64_LPAE_S2,
  ARM_V7S,
}
