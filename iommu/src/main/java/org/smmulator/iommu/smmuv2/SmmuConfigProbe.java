package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.SmmuPages;

/** Reads what an SMMU can do, and says it in the boot log. */
final class SmmuConfigProbe {
  /** What a size code of Gr0.ID2 means in bits; codes beyond the last mean the last. */
  private static final ImmutableIntArray SIZE_CODES = ImmutableIntArray.of(32, 36, 40, 42, 44, 48);

  private final Device device;
  private final Mmio registers;
  private final boolean coherentWalk;

  /**
   * Prepares to look.
   *
   * @param coherentWalk whether the node says {@code dma-coherent}
   */
  SmmuConfigProbe(Device device, Mmio registers, boolean coherentWalk) {
    this.device = device;
    this.registers = registers;
    this.coherentWalk = coherentWalk;
  }

  /**
   * Kernel: {@code arm_smmu_device_cfg_probe()}, for SMMUv2.
   *
   * @throws ErrnoException ENODEV if it is not hardware that this driver can use
   */
  SmmuFeatures probe(SmmuImpl impl) throws ErrnoException {
    device.info("probing hardware configuration...");
    device.info("SMMUv2 with:");
    int id0 = registers.read(Gr0.ID0);
    reportTranslation(id0);
    reportCoherency(id0);
    int mappings = mappingGroups(id0);
    int id1 = registers.read(Gr0.ID1);
    checkBanks(id1);
    SmmuFeatures features = impl.cfgProbe(features(id0, id1, registers.read(Gr0.ID2), mappings));
    reportSizes(features);
    return features;
  }

  private void reportTranslation(int id0) throws ErrnoException {
    if (Gr0.ID0_S1TS.isSet(id0)) {
      device.info("\tstage 1 translation");
    }
    if (Gr0.ID0_S2TS.isSet(id0)) {
      device.info("\tstage 2 translation");
    }
    if (Gr0.ID0_NTS.isSet(id0)) {
      device.info("\tnested translation");
    }
    if (!Gr0.ID0_S1TS.isSet(id0) && !Gr0.ID0_S2TS.isSet(id0)) {
      device.err("\tno translation support!");
      throw ENODEV.because("no translation support");
    }
    if (hasAddressOps(id0)) {
      device.info("\taddress translation ops");
    }
  }

  private void reportCoherency(int id0) {
    boolean register = Gr0.ID0_CTTW.isSet(id0);
    if (coherentWalk || register) {
      device.info("\t%scoherent table walk", coherentWalk ? "" : "non-");
    }
    if (coherentWalk != register) {
      device.info("\t(IDR0.CTTW overridden by FW configuration)");
    }
  }

  private int mappingGroups(int id0) throws ErrnoException {
    if (!Gr0.ID0_SMS.isSet(id0)) {
      return 1 << Gr0.ID0_NUMSIDB.get(id0);
    }
    int groups = Gr0.ID0_NUMSMRG.get(id0);
    if (groups == 0) {
      device.err("stream-matching supported, but no SMRs present!");
      throw ENODEV.because("no stream match registers");
    }
    device.info("\tstream matching with %d register groups", groups);
    return groups;
  }

  private void checkBanks(int id1) throws ErrnoException {
    int expected = SmmuPages.of(id1).sizeBytes();
    if (registers.sizeBytes() != expected) {
      device.warn(
          "SMMU address space size (0x%x) differs from mapped region size (0x%x)!",
          expected, registers.sizeBytes());
    }
    int banks = Gr0.ID1_NUMCB.get(id1);
    int stage2 = Gr0.ID1_NUMS2CB.get(id1);
    if (stage2 > banks) {
      device.err("impossible number of S2 context banks!");
      throw ENODEV.because("%d of %d context banks are stage-2 only", stage2, banks);
    }
    device.info("\t%d context banks (%d stage-2 only)", banks, stage2);
  }

  private SmmuFeatures features(int id0, int id1, int id2, int mappings) {
    boolean aarch32 = !Gr0.ID0_PTFS_NO_AARCH32.isSet(id0);
    return new SmmuFeatures(
        Gr0.ID0_S1TS.isSet(id0),
        Gr0.ID0_S2TS.isSet(id0),
        hasAddressOps(id0),
        coherentWalk,
        mappings,
        Gr0.ID0_SMS.isSet(id0),
        (1 << Gr0.ID0_NUMSIDB.get(id0)) - 1,
        Gr0.ID1_NUMCB.get(id1),
        Gr0.ID1_NUMS2CB.get(id1),
        bits(Gr0.ID2_UBS.get(id2)),
        bits(Gr0.ID2_IAS.get(id2)),
        bits(Gr0.ID2_OAS.get(id2)),
        granules(id2),
        aarch32,
        aarch32 && !Gr0.ID0_PTFS_NO_AARCH32S.isSet(id0));
  }

  private static int granules(int id2) {
    return (Gr0.ID2_PTFS_4K.isSet(id2) ? SmmuFeatures.GRANULE_4K : 0)
        | (Gr0.ID2_PTFS_16K.isSet(id2) ? SmmuFeatures.GRANULE_16K : 0)
        | (Gr0.ID2_PTFS_64K.isSet(id2) ? SmmuFeatures.GRANULE_64K : 0);
  }

  private static boolean hasAddressOps(int id0) {
    return Gr0.ID0_S1TS.isSet(id0) && !Gr0.ID0_ATOSNS.isSet(id0);
  }

  private static int bits(int code) {
    return SIZE_CODES.get(Math.min(code, SIZE_CODES.length() - 1));
  }

  private void reportSizes(SmmuFeatures features) {
    device.info("\tSupported page sizes: 0x%08x", features.pgsizeBitmap());
    if (features.stage1()) {
      device.info("\tStage-1: %d-bit VA -> %d-bit IPA", features.vaBits(), features.ipaBits());
    }
    if (features.stage2()) {
      device.info("\tStage-2: %d-bit IPA -> %d-bit PA", features.ipaBits(), features.paBits());
    }
  }
}
