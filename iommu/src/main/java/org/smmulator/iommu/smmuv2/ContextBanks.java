package org.smmulator.iommu.smmuv2;

import com.google.common.collect.Range;

/**
 * The context banks of an Adreno's SMMU that a domain may take: {@code smmu.context-banks}.
 *
 * <p>The GPU writes TTBR0 of bank 0, whatever lives there. Since 2020 Linux reserves that bank for
 * the GPU; before, the first domain had it.
 */
public sealed interface ContextBanks {
  /**
   * The candidates; the first free one is taken.
   *
   * @param gpu whether the domain is the GPU's own
   * @param start the first bank that can do what the domain needs
   * @param count how many banks there are
   */
  Range<Integer> candidates(boolean gpu, int start, int count);

  /** {@code reserve-bank0}: today. Kernel: {@code qcom_adreno_smmu_alloc_context_bank()}. */
  record ReserveBankZero() implements ContextBanks {
    @Override
    public Range<Integer> candidates(boolean gpu, int start, int count) {
      return gpu ? Range.closedOpen(0, 1) : Range.closedOpen(1, count);
    }
  }

  /** {@code first-free}: before. Kernel: {@code __arm_smmu_alloc_bitmap()}. */
  record FirstFree() implements ContextBanks {
    @Override
    public Range<Integer> candidates(boolean gpu, int start, int count) {
      return Range.closedOpen(start, count);
    }
  }
}
