package org.smmulator.regs.smmuv2;

/**
 * The layout of the pages of an SMMUv2's register space. Kernel: {@code arm_smmu_page()}, {@code
 * arm_smmu_device_cfg_probe()}.
 *
 * <pre>
 *  page  0      1      2 .. NUMPAGE-1     NUMPAGE  NUMPAGE+1  ..  2*NUMPAGE-1
 *      +------+------+------------------+--------+---------+-----+---------+
 *      | GR0  | GR1  |        -         | bank 0 | bank 1  | ... |         |
 *      +------+------+------------------+--------+---------+-----+---------+
 * </pre>
 *
 * @param pageShift 12 or 16
 * @param numPage the number of pages of each half; the banks are in the second
 */
public record SmmuPages(int pageShift, int numPage) {
  /** Reads the layout out of ID1. */
  public static SmmuPages of(int id1) {
    return new SmmuPages(
        Gr0.ID1_PAGESIZE.isSet(id1) ? 16 : 12, 1 << (Gr0.ID1_NUMPAGENDXB.get(id1) + 1));
  }

  /** Bytes from the start of the device to {@link Gr1}. */
  public int gr1Offset() {
    return 1 << pageShift;
  }

  /** Bytes from the start of the device to the {@link Cb} of {@code bank}. */
  public int bankOffset(int bank) {
    return (numPage + bank) << pageShift;
  }

  /** The size in bytes of the whole register space. */
  public int sizeBytes() {
    return (2 * numPage) << pageShift;
  }
}
