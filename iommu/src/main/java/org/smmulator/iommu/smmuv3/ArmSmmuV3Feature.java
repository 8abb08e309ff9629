package org.smmulator.iommu.smmuv3;

/**
 * What an SMMU can do. Kernel: {@code ARM_SMMU_FEAT_*}, with the bits that the boot log prints;
 * these are from general knowledge. Its broadcast TLB maintenance and E2H are not used here.
 */
enum ArmSmmuV3Feature {
  TWO_LEVEL_STREAM_TABLE(0),
  TWO_LEVEL_CD_TABLE(1),
  TABLES_LITTLE_ENDIAN(2),
  TABLES_BIG_ENDIAN(3),
  PRI(4),
  ATS(5),
  SEV(6),
  MSI(7),
  COHERENCY(8),
  STAGE_1(9),
  STAGE_2(10),
  STALLS(11),
  HYPERVISOR(12),
  STALL_FORCE(13),
  WIDE_VA(14),
  RANGE_INVALIDATION(15),
  SVA(17),
  NESTING(19),
  ATTRIBUTE_OVERRIDE(20),
  ACCESS_FLAG(21),
  DIRTY_FLAG(22),
  STAGE_2_FORCED_WRITE_BACK(23),
  BREAK_BEFORE_MAKE_LEVEL_2(24);

  private final int bit;

  ArmSmmuV3Feature(int bit) {
    this.bit = bit;
  }

  long mask() {
    return 1L << bit;
  }
}
