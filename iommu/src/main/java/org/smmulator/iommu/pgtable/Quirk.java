package org.smmulator.iommu.pgtable;

/** Ways in which a table may differ from its format. Kernel: {@code IO_PGTABLE_QUIRK_*}. */
public enum Quirk {
  /** Table and leaves are marked non-secure. */
  ARM_NS,
  /** Leaves have no permissions: whatever is mapped may be read, written and executed. */
  NO_PERMS,
  /** MediaTek's leaves: address bits 32 to 34 where short descriptors have permissions. */
  ARM_MTK_EXT,
  /** MediaTek's tables, too, may lie above 4 GiB. */
  ARM_MTK_TTBR_EXT,
  /** The table serves the upper half of the iovas: its register is TTBR1. */
  ARM_TTBR1,
  /** A non-coherent walker whose outer cache is write-back all the same. */
  ARM_OUTER_WBWA,
  /** Hardware may mark a writable leaf dirty. */
  ARM_HD,
  /** Stage 2 forces the memory type to write-back. */
  ARM_S2FWB,
  /**
   * A map over a mapping and an unmap of a hole are the caller's everyday errors, not worth a
   * warning.
   */
  NO_WARN,
}
