package org.smmulator.regs.adreno;

/**
 * The pagetable that an A5xx loads with a ring: byte offsets. Linux has none, since there all files
 * of an A530 share one table; Crouse's patches of 2018 have.
 *
 * @implNote Unverified: the magic number and the offsets, which are those of the vendor's driver.
 */
public final class A5xxSmmuInfo {
  public static final int SIZE_BYTES = 32;
  public static final int MAGIC_VALUE = 0x3618cda3;
  public static final int MAGIC = 0;
  public static final int TTBR0 = 8;
  public static final int CONTEXTIDR = 20;

  private A5xxSmmuInfo() {}
}
