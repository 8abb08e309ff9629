package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.ImmutableIntArray;
import java.util.EnumSet;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.smmuv2.ArmSmmuFeatures.Flag;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.SmmuPages;

/** Reads what an SMMU can do, and says it in the boot log. */
final class ArmSmmuCfgProbe {
  /** Address bits by size code of Gr0.ID2; greater codes mean the last. */
  private static final ImmutableIntArray SIZE_CODES = ImmutableIntArray.of(32, 36, 40, 42, 44, 48);

  private static final int EXTENDED_ID_BITS = 16;

  private final Device device;
  private final Mmio registers;
  private final ArmSmmuArchVersion version;
  private final boolean coherentWalk;

  /**
   * Prepares to look.
   *
   * @param coherentWalk whether the node says {@code dma-coherent}
   */
  ArmSmmuCfgProbe(Device device, Mmio registers, ArmSmmuArchVersion version, boolean coherentWalk) {
    this.device = device;
    this.registers = registers;
    this.version = version;
    this.coherentWalk = coherentWalk;
  }

  /**
   * Kernel: {@code arm_smmu_device_cfg_probe()}.
   *
   * @throws ErrnoException ENODEV if it is not hardware that this driver can use
   */
  ArmSmmuFeatures probe(ArmSmmuImpl impl) throws ErrnoException {
    device.notice("probing hardware configuration...");
    device.notice("SMMUv%d with:", version.number());
    int id0 = registers.read(Gr0.ID0);
    reportTranslation(id0);
    reportCoherency(id0);
    ArmSmmuFeatures.Streams streams = streams(id0);
    int id1 = registers.read(Gr0.ID1);
    checkBanks(id1);
    ArmSmmuFeatures features = impl.cfgProbe(features(id0, id1, registers.read(Gr0.ID2), streams));
    reportSizes(features);
    return features;
  }

  private void reportTranslation(int id0) throws ErrnoException {
    if (Gr0.ID0_S1TS.isSet(id0)) {
      device.notice("\tstage 1 translation");
    }
    if (Gr0.ID0_S2TS.isSet(id0)) {
      device.notice("\tstage 2 translation");
    }
    if (Gr0.ID0_NTS.isSet(id0)) {
      device.notice("\tnested translation");
    }
    if (!Gr0.ID0_S1TS.isSet(id0) && !Gr0.ID0_S2TS.isSet(id0)) {
      device.err("\tno translation support!");
      throw ENODEV.because("no translation support");
    }
    if (hasAddressOps(id0)) {
      device.notice("\taddress translation ops");
    }
  }

  private void reportCoherency(int id0) {
    boolean register = Gr0.ID0_CTTW.isSet(id0);
    if (coherentWalk || register) {
      device.notice("\t%scoherent table walk", coherentWalk ? "" : "non-");
    }
    if (coherentWalk != register) {
      device.notice("\t(IDR0.CTTW overridden by FW configuration)");
    }
  }

  private ArmSmmuFeatures.Streams streams(int id0) throws ErrnoException {
    boolean extended = version == ArmSmmuArchVersion.V2 && Gr0.ID0_EXIDS.isSet(id0);
    int ids = 1 << (extended ? EXTENDED_ID_BITS : Gr0.ID0_NUMSIDB.get(id0));
    if (!Gr0.ID0_SMS.isSet(id0)) {
      return new ArmSmmuFeatures.Streams(ids, false, ids - 1, extended);
    }
    int groups = Gr0.ID0_NUMSMRG.get(id0);
    if (groups == 0) {
      device.err("stream-matching supported, but no SMRs present!");
      throw ENODEV.because("no stream match registers");
    }
    device.notice("\tstream matching with %d register groups", groups);
    return new ArmSmmuFeatures.Streams(groups, true, ids - 1, extended);
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
    device.notice("\t%d context banks (%d stage-2 only)", banks, stage2);
  }

  private ArmSmmuFeatures features(int id0, int id1, int id2, ArmSmmuFeatures.Streams streams) {
    int ipaBits = bits(Gr0.ID2_IAS.get(id2));
    return new ArmSmmuFeatures(
        version,
        flags(id0, id2),
        streams,
        Gr0.ID1_NUMCB.get(id1),
        Gr0.ID1_NUMS2CB.get(id1),
        version == ArmSmmuArchVersion.V2 ? bits(Gr0.ID2_UBS.get(id2)) : ipaBits,
        ipaBits,
        bits(Gr0.ID2_OAS.get(id2)),
        tables(id0, id2));
  }

  private ImmutableSet<Flag> flags(int id0, int id2) {
    EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    addIf(flags, Gr0.ID0_S1TS.isSet(id0), Flag.TRANS_S1);
    addIf(flags, Gr0.ID0_S2TS.isSet(id0), Flag.TRANS_S2);
    addIf(flags, hasAddressOps(id0), Flag.TRANS_OPS);
    addIf(flags, coherentWalk, Flag.COHERENT_WALK);
    addIf(flags, Gr0.ID2_VMID16.isSet(id2), Flag.VMID16);
    return Sets.immutableEnumSet(flags);
  }

  private static void addIf(EnumSet<Flag> flags, boolean has, Flag flag) {
    if (has) {
      flags.add(flag);
    }
  }

  private ArmSmmuFeatures.Tables tables(int id0, int id2) {
    boolean aarch32 = version != ArmSmmuArchVersion.V2 || !Gr0.ID0_PTFS_NO_AARCH32.isSet(id0);
    return new ArmSmmuFeatures.Tables(
        granules(id2), aarch32, aarch32 && !Gr0.ID0_PTFS_NO_AARCH32S.isSet(id0));
  }

  /** The registers of version 1 know nothing of granules. */
  private int granules(int id2) {
    return switch (version) {
      case V1 -> 0;
      case V1_64K -> ArmSmmuFeatures.Tables.GRANULE_64K;
      case V2 ->
          (Gr0.ID2_PTFS_4K.isSet(id2) ? ArmSmmuFeatures.Tables.GRANULE_4K : 0)
              | (Gr0.ID2_PTFS_16K.isSet(id2) ? ArmSmmuFeatures.Tables.GRANULE_16K : 0)
              | (Gr0.ID2_PTFS_64K.isSet(id2) ? ArmSmmuFeatures.Tables.GRANULE_64K : 0);
    };
  }

  /** An SMMUv1 of stage 1 always has them. */
  private boolean hasAddressOps(int id0) {
    boolean denied = version == ArmSmmuArchVersion.V2 && Gr0.ID0_ATOSNS.isSet(id0);
    return Gr0.ID0_S1TS.isSet(id0) && !denied;
  }

  private static int bits(int code) {
    return SIZE_CODES.get(Math.min(code, SIZE_CODES.length() - 1));
  }

  private void reportSizes(ArmSmmuFeatures features) {
    device.notice("\tSupported page sizes: 0x%08x", features.tables().pgsizeBitmap());
    if (features.has(Flag.TRANS_S1)) {
      device.notice("\tStage-1: %d-bit VA -> %d-bit IPA", features.vaBits(), features.ipaBits());
    }
    if (features.has(Flag.TRANS_S2)) {
      device.notice("\tStage-2: %d-bit IPA -> %d-bit PA", features.ipaBits(), features.paBits());
    }
  }
}
