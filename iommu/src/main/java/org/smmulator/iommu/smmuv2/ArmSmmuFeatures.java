package org.smmulator.iommu.smmuv2;

import com.google.common.collect.ImmutableSet;

/**
 * The features and sizes that the ID registers of one SMMU report. Kernel: {@code features} and the
 * sizes in {@code struct arm_smmu_device}.
 *
 * @param stage2Banks the context banks, from 0 on, that do stage 2 only
 * @param vaBits width of the masters' addresses
 * @param ipaBits width of an output address of stage 1
 * @param paBits width of an output address of stage 2
 */
record ArmSmmuFeatures(
    ArmSmmuArchVersion version,
    ImmutableSet<Flag> flags,
    Streams streams,
    int contextBanks,
    int stage2Banks,
    int vaBits,
    int ipaBits,
    int paBits,
    Tables tables) {

  /** A feature that is there or not. Kernel: {@code ARM_SMMU_FEAT_*} of {@code arm-smmu.h}. */
  enum Flag {
    TRANS_S1,
    TRANS_S2,
    /** ATS1PR translates an address for software. */
    TRANS_OPS,
    /** Walks snoop the CPU's caches. Firmware decides, not ID0.CTTW. */
    COHERENT_WALK,
    /** VMIDs have 16 bits. */
    VMID16
  }

  /**
   * The stream mapping.
   *
   * @param groups number of SMRs, or of S2CRs if there are no SMRs
   * @param matching whether there are SMRs; else the stream id indexes the S2CRs
   * @param idMask the stream id bits that exist
   * @param extended whether ids and masks have 16 bits, and S2CRs say which SMR is valid
   */
  record Streams(int groups, boolean matching, int idMask, boolean extended) {}

  /**
   * The table formats.
   *
   * @param granules one bit for each granule of AArch64 tables, by its size
   * @param aarch32 whether banks walk AArch32 long descriptors
   * @param aarch32Short whether banks walk AArch32 short descriptors
   */
  record Tables(int granules, boolean aarch32, boolean aarch32Short) {
    static final int GRANULE_4K = 1 << 12;
    static final int GRANULE_16K = 1 << 14;
    static final int GRANULE_64K = 1 << 16;

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;

    boolean aarch64() {
      return granules != 0;
    }

    /** The leaf sizes of all formats. Kernel: {@code smmu->pgsize_bitmap}. */
    long pgsizeBitmap() {
      long sizes = 0;
      if (aarch32Short) {
        sizes |= 4 * KIB | 64 * KIB | MIB | 16 * MIB;
      }
      if (aarch32 || (granules & GRANULE_4K) != 0) {
        sizes |= 4 * KIB | 2 * MIB | GIB;
      }
      if ((granules & GRANULE_16K) != 0) {
        sizes |= 16 * KIB | 32 * MIB;
      }
      if ((granules & GRANULE_64K) != 0) {
        sizes |= 64 * KIB | 512 * MIB;
      }
      return sizes;
    }
  }

  boolean isV1() {
    return version != ArmSmmuArchVersion.V2;
  }

  boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /** The same hardware without one granule. */
  ArmSmmuFeatures withoutGranule(int granule) {
    return new ArmSmmuFeatures(
        version,
        flags,
        streams,
        contextBanks,
        stage2Banks,
        vaBits,
        ipaBits,
        paBits,
        new Tables(tables.granules() & ~granule, tables.aarch32(), tables.aarch32Short()));
  }
}
