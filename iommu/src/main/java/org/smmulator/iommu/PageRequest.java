package org.smmulator.iommu;

/**
 * A device's wish for a page that is not there, or not allowed yet. Kernel: {@code struct
 * iommu_fault_page_request}.
 *
 * @param flags bits of {@link #PASID_VALID}, {@link #LAST_PAGE}, {@link #RESPONSE_NEEDS_PASID},
 *     {@link #STALLED}
 * @param pasid whose address it is; {@link #NO_PASID} unless the flag says otherwise
 * @param group which requests are answered together, in the numbering of the hardware
 * @param perm bits of {@link #READ}, {@link #WRITE}, {@link #EXEC}, {@link #PRIVILEGED}
 * @param addr the address, as the device put it on the bus
 */
public record PageRequest(int flags, int pasid, int group, int perm, long addr) {
  public static final int PASID_VALID = 1;
  public static final int LAST_PAGE = 2;
  public static final int RESPONSE_NEEDS_PASID = 4;

  /**
   * The IOMMU holds a transaction up; without the flag the device asks and waits. The two are
   * answered differently. The kernel has no such flag: its drivers know either the one or the
   * other.
   */
  public static final int STALLED = 8;

  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int EXEC = 4;
  public static final int PRIVILEGED = 8;

  /** The PASID of plain DMA. Kernel: {@code IOMMU_NO_PASID}. */
  public static final int NO_PASID = 0;

  public boolean hasPasid() {
    return (flags & PASID_VALID) != 0;
  }

  public boolean isStalled() {
    return (flags & STALLED) != 0;
  }

  /** Returns whether the group is answered after this request. */
  public boolean isLast() {
    return (flags & LAST_PAGE) != 0;
  }
}
