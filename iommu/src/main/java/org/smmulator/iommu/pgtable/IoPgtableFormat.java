package org.smmulator.iommu.pgtable;

/** The kinds of table that {@link IoPgtables} makes. Kernel: {@code enum io_pgtable_fmt}. */
public enum IoPgtableFormat {
  ARM_32_LPAE_S1,
  ARM_32_LPAE_S2,
  ARM_64_LPAE_S1,
  ARM_64_LPAE_S2,
  ARM_V7S,
  /** Samsung's, as sysmmu v1 to v3 read it: 32-bit addresses. In Linux its driver has it inside. */
  EXYNOS,
  /** Samsung's, as sysmmu v5 and later read it: 36-bit addresses, moved down by four. */
  EXYNOS_V5,
}
