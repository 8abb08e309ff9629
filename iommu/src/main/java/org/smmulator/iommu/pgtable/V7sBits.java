package org.smmulator.iommu.pgtable;

/**
 * The 32 bits of a short-descriptor entry.
 *
 * <pre>
 *            31       24 23 20 19 18 17 16 15 14:12 11 10   9  8:6 5:4    3  2 1 0
 * table      | pa 31:10 ....................................|    |      NS |   0 1
 * section    | pa 31:20 .......| NS  0 nG  S AP2 TEX AP1:0 .. .. ..   XN  C  B 1 0
 * supersect. | pa 31:24 |      | NS  1 nG  S AP2 TEX AP1:0 .. .. ..   XN  C  B 1 0
 * large page | pa 31:16 ..................| XN TEX   nG  S AP2  .. AP1:0   C  B 0 1
 * page       | pa 31:12 .......................|    nG  S AP2 TEX AP1:0   C  B 1 XN
 * </pre>
 *
 * <p>A supersection and a large page are written 16 times, into all entries that they span.
 *
 * <p>Arm ARM (ARMv7-A), B3.5.1 Short-descriptor translation table format descriptors; kernel:
 * {@code drivers/iommu/io-pgtable-arm-v7s.c}.
 */
final class V7sBits {
  /** The low two bits: what kind of entry it is. At level 2, 1 is a large page. */
  static final int TYPE = 0b11;

  static final int TYPE_TABLE = 0b01;
  static final int TYPE_LARGE_PAGE = 0b01;

  /** A section, a supersection or a page. */
  static final int TYPE_LEAF = 0b10;

  static final int BUFFERABLE = 1 << 2;
  static final int CACHEABLE = 1 << 3;
  static final int TABLE_NS = 1 << 3;
  static final int SECTION_NS = 1 << 19;
  static final int SECTION_IS_SUPER = 1 << 18;

  // The attributes that both levels have, as a block that each level puts elsewhere.
  static final int AF = 1 << 0;
  static final int AP_UNPRIVILEGED = 1 << 1;
  static final int TEX_1 = 1 << 2;
  static final int AP_READ_ONLY = 1 << 5;
  static final int SHAREABLE = 1 << 6;
  static final int NOT_GLOBAL = 1 << 7;

  private static final int SECTION_XN = 1 << 4;
  private static final int PAGE_XN = 1 << 0;
  static final int LARGE_PAGE_XN = 1 << 15;

  /** TEX of a page, and how far up a large page has it. */
  static final int PAGE_TEX = 0b111 << 6;

  static final int LARGE_PAGE_TEX_SHIFT = 6;

  // PRRR: how each combination of TEX[0], C and B is remapped. 1 is device memory, 2 is normal.
  private static final int PRRR_TR1_DEVICE = 1 << 2;
  private static final int PRRR_TR4_NORMAL = 2 << 8;
  private static final int PRRR_TR7_NORMAL = 2 << 14;
  private static final int PRRR_DS0 = 1 << 16;
  private static final int PRRR_DS1 = 1 << 17;
  private static final int PRRR_NS1 = 1 << 19;
  private static final int PRRR_NOS7 = 1 << 31;

  static final int PRRR =
      PRRR_TR1_DEVICE
          | PRRR_TR4_NORMAL
          | PRRR_TR7_NORMAL
          | PRRR_DS0
          | PRRR_DS1
          | PRRR_NS1
          | PRRR_NOS7;

  /** NMRR: IR7 and OR7, write-back allocate. */
  static final int NMRR = 1 << 14 | 1 << 30;

  static final int TTBR_SHAREABLE = 1 << 1;

  /** NOS, IRGN and ORGN: write-back allocate. IRGN's low bit is bit 6, its high bit is bit 0. */
  static final int TTBR_COHERENT = 1 << 5 | 1 << 6 | 1 << 3;

  private V7sBits() {}

  /** The shift of the block of attributes at a level. Kernel: {@code ARM_V7S_ATTR_SHIFT()}. */
  static int attributeShift(int level) {
    return level == 1 ? 10 : 4;
  }

  /** Execute-never of a section or a page; a large page has {@link #LARGE_PAGE_XN}. */
  static int executeNever(int level) {
    return level == 1 ? SECTION_XN : PAGE_XN;
  }
}
