package org.smmulator.iommu.smmuv2;

/**
 * What one SMMU can do, out of its ID registers. Kernel: the {@code features} and sizes of {@code
 * struct arm_smmu_device}.
 *
 * @param addressOps whether ATS1PR translates an address for software
 * @param coherentWalk whether walks snoop the CPU's caches: firmware says it, not CTTW
 * @param stage2Banks the context banks, from 0 on, that do stage 2 only
 * @param vaBits width of the masters' addresses
 * @param ipaBits width of what leaves stage 1
 * @param paBits width of what leaves stage 2
 * @param wideVmids whether VMIDs have 16 bits
 */
record ArmSmmuFeatures(
    ArmSmmuArchVersion version,
    boolean stage1,
    boolean stage2,
    boolean addressOps,
    boolean coherentWalk,
    Streams streams,
    int contextBanks,
    int stage2Banks,
    int vaBits,
    int ipaBits,
    int paBits,
    boolean wideVmids,
    Tables tables) {

  /**
   * How streams find their banks.
   *
   * @param groups how many SMRs, or S2CRs if there are no SMRs
   * @param matching whether there are SMRs; else a stream id is the index of its S2CR
   * @param idMask the stream id bits that exist
   * @param extended whether ids and masks have 16 bits, and S2CRs say which SMR is valid
   */
  record Streams(int groups, boolean matching, int idMask, boolean extended) {}

  /**
   * Which tables banks read.
   *
   * @param granules one bit for each granule of AArch64 tables, by its size
   * @param aarch32 whether they read AArch32 long descriptors
   * @param aarch32Short whether they read AArch32 short descriptors
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

    /** Every size of leaf that some of them have. */
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

  /** The same hardware without one granule. */
  ArmSmmuFeatures withoutGranule(int granule) {
    return new ArmSmmuFeatures(
        version,
        stage1,
        stage2,
        addressOps,
        coherentWalk,
        streams,
        contextBanks,
        stage2Banks,
        vaBits,
        ipaBits,
        paBits,
        wideVmids,
        new Tables(tables.granules() & ~granule, tables.aarch32(), tables.aarch32Short()));
  }
}
