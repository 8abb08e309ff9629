package org.smmulator.iommu.smmuv3.feature;

/**
 * A feature of an SMMU, with its bit in the boot log. Kernel: {@code ARM_SMMU_FEAT_*} in {@code
 * arm-smmu-v3.h}. Left out: BTM and E2H, which the driver does not use here.
 */
public enum ArmSmmuV3Feature {
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
