package org.smmulator.hw.bus;

/**
 * The debug port of an IOMMU's TLB: what it takes in and what it loses, as it happens. An MMU-500
 * has one in its {@code DBG} registers, through which a debugger reads the entries.
 *
 * <p>A space is a number for whatever tags entries: a bank's VMID and ASID, or nothing at all.
 */
public interface TlbWatch {
  /**
   * An entry was added.
   *
   * @param root physical address of the table that was walked
   * @param address that missed, inside what the entry covers
   * @param pa where it leads
   * @param shift the entry covers {@code 1 << shift} bytes
   */
  void filled(int space, long root, long address, long pa, int shift);

  /**
   * An entry was invalidated or evicted.
   *
   * @param address inside what it covered
   */
  void dropped(int space, long address, int shift);

  /** All entries of a space, of which there may have been some, were invalidated. */
  void emptied(int space);
}
