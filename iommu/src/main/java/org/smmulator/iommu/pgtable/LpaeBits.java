package org.smmulator.iommu.pgtable;

/**
 * The bits of an LPAE (VMSAv8-64) descriptor. Arm ARM D8.3; kernel: {@code io-pgtable-arm.c}.
 *
 * <pre>
 * leaf, stage 1
 *  63   56 55 54 53 52   51 50  48 47            12 11 10 9  8 7  6 5  4     2 1  0
 * +-------+--+-----+----+---+------+----------------+--+--+----+----+--+-------+----+
 * |  ign  |ig|  XN |cont|DBM| RES0 | output address |nG|AF| SH | AP |NS|AttrIdx|type|
 * +-------+--+-----+----+---+------+----------------+--+--+----+----+--+-------+----+
 * leaf, stage 2
 * |  ign  |ig|  XN |cont|DBM| RES0 | output address | 0|AF| SH |S2AP| MemAttr  |type|
 * +-------+--+-----+----+---+------+----------------+--+--+----+----+----------+----+
 * table
 * |NS| ign|SW|     ignored        |  next table     |          ignored         |type|
 * +--+----+--+--------------------+----------------+---------------------------+----+
 * </pre>
 *
 * <p>With the 64 KiB granule, bits 15:12 are bits 51:48 of the address.
 */
final class LpaeBits {
  static final long VALID = 1;
  static final long TYPE = 0b11;
  static final long TYPE_BLOCK = 0b01;
  static final long TYPE_TABLE_OR_PAGE = 0b11;

  static final long ADDRESS = 0x0000_ffff_ffff_f000L;
  static final int ADDRESS_END = 48;
  static final int HIGH_PA_SHIFT = 36;

  static final long S1_ATTR_INDEX = 0b111L << 2;
  static final long S1_ATTR_NON_CACHEABLE = 0L << 2;
  static final long S1_ATTR_CACHEABLE = 1L << 2;
  static final long S1_ATTR_DEVICE = 2L << 2;
  static final long S1_NS = 1L << 5;
  static final long S1_AP_UNPRIVILEGED = 1L << 6;
  static final long S1_AP_READ_ONLY = 1L << 7;
  static final long S1_NOT_GLOBAL = 1L << 11;
  static final long S1_DBM = 1L << 51;

  static final long S2_MEM_ATTR = 0b1111L << 2;
  static final long S2_MEM_DEVICE = 0x1L << 2;
  static final long S2_MEM_NON_CACHEABLE = 0x5L << 2;
  static final long S2_MEM_FORCED_WRITE_BACK = 0x6L << 2;
  static final long S2_MEM_WRITE_BACK = 0xfL << 2;
  static final long S2_READ = 1L << 6;
  static final long S2_WRITE = 1L << 7;

  static final long SH_OUTER = 2L << 8;
  static final long SH_INNER = 3L << 8;
  static final long AF = 1L << 10;
  static final long XN = 3L << 53;

  static final long TABLE_NS = 1L << 63;

  /** Ignored by hardware: software's mark that a non-coherent walker sees the table. */
  static final long TABLE_SYNCED = 1L << 55;

  /** Memory attributes that {@link #S1_ATTR_INDEX} selects from: index 0 in the lowest byte. */
  static final long MAIR = 0xf4_04_ff_44L;

  private LpaeBits() {}
}
