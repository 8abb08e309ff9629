package org.smmulator.iommu.smmuv3.feature;

import static org.smmulator.kernel.errno.Errno.ENXIO;

import com.google.common.collect.Sets;
import java.util.EnumSet;
import java.util.Set;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Field;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqBatch;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Reads what an SMMU can do. Kernel: {@code arm_smmu_device_hw_probe()}. */
public final class ArmSmmuV3HwProbe {
  /** Log2 of the largest queue in bytes: {@code Q_MAX_SZ_SHIFT}. */
  private static final int LARGEST_QUEUE_SHIFT = 20;

  private static final int AARCH32_AND_64 = 3;
  private static final int HTTU_ACCESS = 1;
  private static final int HTTU_ACCESS_AND_DIRTY = 2;
  private static final int BBM_LEVEL_2 = 2;
  private static final int WIDEST_OAS_CODE = 6;
  private static final int WIDE_BITS = 52;

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final long TIB = 1024 * GIB;

  private final Device device;
  private final Mmio registers;
  private final boolean coherent;
  private final ArmSmmuV3SvaCpu cpu;
  private final Set<ArmSmmuV3Feature> found = EnumSet.noneOf(ArmSmmuV3Feature.class);

  /**
   * Prepares to look.
   *
   * @param coherent whether the node says {@code dma-coherent}
   */
  public ArmSmmuV3HwProbe(Device device, Mmio registers, boolean coherent, ArmSmmuV3SvaCpu cpu) {
    this.device = device;
    this.registers = registers;
    this.coherent = coherent;
    this.cpu = cpu;
  }

  /**
   * Looks; writes nothing.
   *
   * @throws ErrnoException ENXIO if it is not hardware that this driver can use
   */
  public ArmSmmuV3Features probe() throws ErrnoException {
    int idr0 = registers.read(SmmuV3Regs.IDR0);
    readTables(idr0);
    readFlags(idr0);
    readStalls(idr0);
    readStages(idr0);
    int idr1 = registers.read(SmmuV3Regs.IDR1);
    checkQueues(idr1);
    int sidBits = SmmuV3Regs.IDR1_SIDSIZE.get(idr1);
    if (sidBits <= ArmSmmuV3Features.STRTAB_SPLIT) {
      found.remove(ArmSmmuV3Feature.TWO_LEVEL_STREAM_TABLE);
    }
    readInvalidation(registers.read(SmmuV3Regs.IDR3));
    int idr5 = registers.read(SmmuV3Regs.IDR5);
    int oas = outputBits(idr5);
    ArmSmmuV3Features features = features(idr0, idr1, idr5, oas);
    device.info("oas %d-bit (features 0x%08x)", oas, features.mask());
    return features;
  }

  private ArmSmmuV3Features features(int idr0, int idr1, int idr5, int oas) {
    long sizes = pageSizes(idr5, oas);
    int asidBits = SmmuV3Regs.IDR0_ASID16.isSet(idr0) ? 16 : 8;
    if (canShareTables(sizes, oas, asidBits)) {
      found.add(ArmSmmuV3Feature.SVA);
    }
    return new ArmSmmuV3Features(
        Sets.immutableEnumSet(found),
        SmmuV3Regs.IDR1_SIDSIZE.get(idr1),
        SmmuV3Regs.IDR1_SSIDSIZE.get(idr1),
        asidBits,
        SmmuV3Regs.IDR0_VMID16.isSet(idr0) ? 16 : 8,
        oas,
        sizes,
        queueLog2(SmmuV3Regs.IDR1_CMDQS, idr1, Queue.CMD_BYTES),
        queueLog2(SmmuV3Regs.IDR1_EVTQS, idr1, Queue.EVT_BYTES),
        queueLog2(SmmuV3Regs.IDR1_PRIQS, idr1, Queue.PRI_BYTES));
  }

  private void readTables(int idr0) throws ErrnoException {
    addIf(
        SmmuV3Regs.IDR0_ST_LVL.get(idr0) == SmmuV3Regs.IDR0_ST_LVL_2LVL,
        ArmSmmuV3Feature.TWO_LEVEL_STREAM_TABLE);
    addIf(SmmuV3Regs.IDR0_CD2L.isSet(idr0), ArmSmmuV3Feature.TWO_LEVEL_CD_TABLE);
    switch (SmmuV3Regs.IDR0_TTENDIAN.get(idr0)) {
      case SmmuV3Regs.IDR0_TTENDIAN_MIXED -> {
        found.add(ArmSmmuV3Feature.TABLES_LITTLE_ENDIAN);
        found.add(ArmSmmuV3Feature.TABLES_BIG_ENDIAN);
      }
      case SmmuV3Regs.IDR0_TTENDIAN_LE -> found.add(ArmSmmuV3Feature.TABLES_LITTLE_ENDIAN);
      default -> throw refuse("unknown/unsupported TT endianness!");
    }
  }

  private void readFlags(int idr0) {
    addIf(SmmuV3Regs.IDR0_PRI.isSet(idr0), ArmSmmuV3Feature.PRI);
    addIf(SmmuV3Regs.IDR0_ATS.isSet(idr0), ArmSmmuV3Feature.ATS);
    addIf(SmmuV3Regs.IDR0_SEV.isSet(idr0), ArmSmmuV3Feature.SEV);
    addIf(SmmuV3Regs.IDR0_MSI.isSet(idr0), ArmSmmuV3Feature.MSI);
    addIf(SmmuV3Regs.IDR0_HYP.isSet(idr0), ArmSmmuV3Feature.HYPERVISOR);
    int updates = SmmuV3Regs.IDR0_HTTU.get(idr0);
    addIf(updates == HTTU_ACCESS || updates == HTTU_ACCESS_AND_DIRTY, ArmSmmuV3Feature.ACCESS_FLAG);
    addIf(updates == HTTU_ACCESS_AND_DIRTY, ArmSmmuV3Feature.DIRTY_FLAG);
    addIf(coherent, ArmSmmuV3Feature.COHERENCY);
    if (coherent != SmmuV3Regs.IDR0_COHACC.isSet(idr0)) {
      device.warn("IDR0.COHACC overridden by FW configuration (%s)", coherent);
    }
  }

  private void readStalls(int idr0) {
    int model = SmmuV3Regs.IDR0_STALL_MODEL.get(idr0);
    addIf(model == SmmuV3Regs.IDR0_STALL_MODEL_FORCE, ArmSmmuV3Feature.STALL_FORCE);
    addIf(
        model == SmmuV3Regs.IDR0_STALL_MODEL_FORCE || model == SmmuV3Regs.IDR0_STALL_MODEL_STALL,
        ArmSmmuV3Feature.STALLS);
  }

  private void readStages(int idr0) throws ErrnoException {
    boolean stage1 = SmmuV3Regs.IDR0_S1P.isSet(idr0);
    boolean stage2 = SmmuV3Regs.IDR0_S2P.isSet(idr0);
    addIf(stage1, ArmSmmuV3Feature.STAGE_1);
    addIf(stage2, ArmSmmuV3Feature.STAGE_2);
    addIf(stage1 && stage2, ArmSmmuV3Feature.NESTING);
    if (!stage1 && !stage2) {
      throw refuse("no translation support!");
    }
    int format = SmmuV3Regs.IDR0_TTF.get(idr0);
    if (format != SmmuV3Regs.IDR0_TTF_AARCH64 && format != AARCH32_AND_64) {
      throw refuse("AArch64 table format not supported!");
    }
  }

  private void checkQueues(int idr1) throws ErrnoException {
    int preset =
        SmmuV3Regs.IDR1_TABLES_PRESET.mask()
            | SmmuV3Regs.IDR1_QUEUES_PRESET.mask()
            | SmmuV3Regs.IDR1_REL.mask();
    if ((idr1 & preset) != 0) {
      throw refuse("embedded implementation not supported");
    }
    addIf(SmmuV3Regs.IDR1_ATTR_TYPES_OVR.isSet(idr1), ArmSmmuV3Feature.ATTRIBUTE_OVERRIDE);
    // A batch and its sync have to fit.
    if (1 << queueLog2(SmmuV3Regs.IDR1_CMDQS, idr1, Queue.CMD_BYTES)
        <= ArmSmmuV3CmdqBatch.CAPACITY) {
      throw refuse(
          "command queue size <= %d entries not supported".formatted(ArmSmmuV3CmdqBatch.CAPACITY));
    }
  }

  private void readInvalidation(int idr3) {
    addIf(SmmuV3Regs.IDR3_RIL.isSet(idr3), ArmSmmuV3Feature.RANGE_INVALIDATION);
    addIf(SmmuV3Regs.IDR3_FWB.isSet(idr3), ArmSmmuV3Feature.STAGE_2_FORCED_WRITE_BACK);
    addIf(SmmuV3Regs.IDR3_BBM.get(idr3) == BBM_LEVEL_2, ArmSmmuV3Feature.BREAK_BEFORE_MAKE_LEVEL_2);
  }

  private int outputBits(int idr5) {
    addIf(SmmuV3Regs.IDR5_VAX.get(idr5) == SmmuV3Regs.IDR5_VAX_52, ArmSmmuV3Feature.WIDE_VA);
    int code = SmmuV3Regs.IDR5_OAS.get(idr5);
    if (code > WIDEST_OAS_CODE) {
      device.info("unknown output address size. Truncating to 48-bit");
      return 48;
    }
    return SmmuV3Regs.addressBits(code);
  }

  private static long pageSizes(int idr5, int oas) {
    long sizes = 0;
    if (SmmuV3Regs.IDR5_GRAN64K.isSet(idr5)) {
      sizes |= 64 * KIB | 512 * MIB;
    }
    if (SmmuV3Regs.IDR5_GRAN16K.isSet(idr5)) {
      sizes |= 16 * KIB | 32 * MIB;
    }
    if (SmmuV3Regs.IDR5_GRAN4K.isSet(idr5)) {
      sizes |= 4 * KIB | 2 * MIB | GIB;
    }
    return oas == WIDE_BITS ? sizes | 4 * TIB : sizes;
  }

  /**
   * Returns whether the SMMU can walk what the CPUs walk. Kernel: {@code arm_smmu_sva_supported()}.
   */
  private boolean canShareTables(long sizes, int oas, int asidBits) {
    return found.contains(ArmSmmuV3Feature.COHERENCY)
        && (cpu.vaBits() < WIDE_BITS || found.contains(ArmSmmuV3Feature.WIDE_VA))
        && (sizes & 4 * KIB) != 0
        && oas >= cpu.paBits()
        && asidBits >= cpu.asidBits();
  }

  private static int queueLog2(Field size, int idr1, int entryBytes) {
    int most = LARGEST_QUEUE_SHIFT - Integer.numberOfTrailingZeros(entryBytes);
    return Math.min(most, size.get(idr1));
  }

  private void addIf(boolean has, ArmSmmuV3Feature feature) {
    if (has) {
      found.add(feature);
    }
  }

  private ErrnoException refuse(String why) {
    device.err("%s", why);
    return ENXIO.because("%s", why);
  }
}
