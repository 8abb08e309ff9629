package org.smmulator.kernel.mm;

/**
 * Hears what becomes of a process's mappings, for hardware that walks the same table. Kernel:
 * {@code struct mmu_notifier_ops}.
 */
public interface MmListener {
  /**
   * The descriptors of a range are cleared. What was behind them is given back when all listeners
   * have returned. Kernel: {@code arch_invalidate_secondary_tlbs()}.
   *
   * @param va the first address
   */
  void invalidated(long va, long sizeBytes);

  /**
   * The process is going, and its table with it; nothing has been cleared yet. Said once, and the
   * listener is forgotten. Kernel: {@code release()}.
   */
  void released();
}
