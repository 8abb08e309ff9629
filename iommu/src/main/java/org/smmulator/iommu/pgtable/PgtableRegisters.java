package org.smmulator.iommu.pgtable;

/**
 * The values that a driver writes into its hardware's registers so that the walker reads a table as
 * it was meant. Fields are register fields, not yet put together: each SMMU packs them its own way.
 *
 * <p>Kernel: the output half of {@code struct io_pgtable_cfg}.
 */
public sealed interface PgtableRegisters {
  /** The physical address of the table's root. */
  long base();

  /**
   * A stage 1 table, VMSAv8-64 or 32-bit LPAE.
   *
   * @param ttbr the root's physical address; an ASID is the driver's to add
   * @param mair the memory attributes that the leaves' AttrIndx selects from
   */
  record Stage1(long ttbr, Tcr tcr, long mair) implements PgtableRegisters {
    @Override
    public long base() {
      return ttbr;
    }
  }

  /** A stage 2 table. */
  record Stage2(long vttbr, Vtcr vtcr) implements PgtableRegisters {
    @Override
    public long base() {
      return vttbr;
    }
  }

  /**
   * A table of ARMv7 short descriptors. Arm ARM (ARMv7-A), TTBR0, TTBCR, PRRR, NMRR.
   *
   * @param base the root's physical address
   * @param ttbr the root's address with the attributes of walks; MediaTek's has address bits 32 to
   *     34 in their place
   * @param tcr 0: TTBR0 serves all iovas
   * @param prrr what the memory types of leaves are remapped to
   * @param nmrr the cacheability of those that are normal memory
   */
  record ShortDescriptor(long base, int ttbr, int tcr, int prrr, int nmrr)
      implements PgtableRegisters {}

  /**
   * Samsung's table: one register, which takes the root's address or, from v5 on, its page number.
   *
   * @param base the root's physical address
   */
  record Sysmmu(long base) implements PgtableRegisters {}

  /**
   * Fields of TCR_EL1 for one half of the addresses. Arm ARM, TCR_EL1.
   *
   * @param ips size of a physical address, encoded
   * @param tg granule, encoded: TG1's code if the table is for TTBR1, else TG0's
   * @param sh shareability of walks
   * @param orgn outer cacheability of walks
   * @param irgn inner cacheability of walks
   * @param tsz 64 minus the bits of an iova
   */
  record Tcr(int ips, int tg, int sh, int orgn, int irgn, int tsz) {}

  /**
   * Fields of VTCR_EL2. Arm ARM, VTCR_EL2.
   *
   * @param sl the level at which a walk starts, encoded
   */
  record Vtcr(int ps, int tg, int sh, int orgn, int irgn, int sl, int tsz) {}
}
