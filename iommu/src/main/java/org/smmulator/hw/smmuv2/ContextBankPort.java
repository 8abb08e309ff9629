package org.smmulator.hw.smmuv2;

/**
 * The private wires between an Adreno's command processor and its SMMU.
 *
 * <p>The command processor can write the pagetable base of a context bank, whichever domain is
 * attached there, and invalidates what the old table left in the TLB under that ASID. Source: the
 * effect that {@code CP_SMMU_TABLE_UPDATE} must have for drm/msm's submit path to work; no public
 * manual describes the wires.
 */
public interface ContextBankPort {
  /**
   * Writes TTBR0 and CONTEXTIDR of {@code bank}, and leaves the TLB alone: the command processor
   * must follow with {@link #invalidateAsid}.
   *
   * @param ttbr0 the register's value: the table's physical address, and the ASID in bits 63:48
   */
  void switchTable(int bank, long ttbr0, int contextIdr);

  /** Invalidates every TLB entry that {@code asid} tags in {@code bank}. */
  void invalidateAsid(int bank, int asid);

  /** Returns whether a fault of {@code bank} stalls a transaction now. */
  boolean isStalled(int bank);
}
