package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENOSPC;

import com.google.common.collect.Range;
import java.util.BitSet;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The SMMU in front of an Adreno. Kernel: {@code qcom_adreno_smmu_v2_impl} and {@code
 * qcom_adreno_smmu_500_impl} in {@code arm-smmu-qcom.c}.
 *
 * <p>The GPU writes TTBR0 of context bank 0, whatever lives there; so its own domain must live
 * there, and in the upper half, to stay mapped when the lower half's table changes. {@link
 * ContextBanks} and {@link GpuDefaultDomain} keep the bank free.
 */
final class QcomAdrenoSmmuImpl extends QcomSmmu {
  /** The stream id that only the GPU itself has. Kernel: {@code QCOM_ADRENO_SMMU_GPU_SID}. */
  private static final int GPU_SID = 0;

  private static final int SID_MASK = 0xffff;

  private final ContextBanks contextBanks;

  /** The banks whose faults stall. */
  private final BitSet stall = new BitSet();

  QcomAdrenoSmmuImpl(
      QcomSmmuMatchData model, ContextBanks contextBanks, GpuDefaultDomain defaultDomain) {
    super(model, defaultDomain);
    this.contextBanks = contextBanks;
  }

  @Override
  public ArmSmmuFeatures cfgProbe(ArmSmmuFeatures probed) {
    // ID2 advertises it, but it does not work.
    return model().mmu500() ? probed : probed.withoutGranule(ArmSmmuFeatures.Tables.GRANULE_16K);
  }

  /**
   * {@inheritDoc} The upper half is for domains that a driver made: the DMA API hands out addresses
   * from the bottom. In Linux the question does not come up, as the GPU has no domain of the DMA
   * API there.
   */
  @Override
  public IoPgtableConfig initContext(
      IoPgtableConfig config, ArmSmmuContextFmt kind, Mmio bank, Device device, DomainType type) {
    IoPgtableConfig common = super.initContext(config, kind, bank, device, type);
    boolean splits = kind.isAArch64() && !kind.stage2();
    return isGpu(device) && model().splitTables() && splits && !type.isDma()
        ? common.with(Quirk.ARM_TTBR1)
        : common;
  }

  @Override
  public int allocContextBank(ArmSmmuDevice smmu, Device device, int start) throws ErrnoException {
    Range<Integer> candidates =
        contextBanks.candidates(isGpu(device), start, smmu.features().contextBanks());
    int first = candidates.lowerEndpoint();
    int end = candidates.upperEndpoint();
    int bank = smmu.takeBank(first, end);
    if (bank < 0) {
      throw ENOSPC.because("no context bank in [%d, %d) is free", first, end);
    }
    return bank;
  }

  @Override
  public boolean contextFaultNeedsThreadedIrq() {
    return true;
  }

  /** Kernel: {@code qcom_adreno_smmu_write_sctlr()}. */
  @Override
  public int sctlr(int bank, int sctlr) {
    int image = sctlr | Cb.SCTLR_HUPCF.mask();
    return stall.get(bank) ? image | Cb.SCTLR_CFCFG.mask() : image;
  }

  /** Makes faults of {@code bank} stall or terminate, from the next write of SCTLR on. */
  void setStall(int bank, boolean enabled) {
    stall.set(bank, enabled);
  }

  /** {@inheritDoc} The interface serves the GPU's latest domain. */
  @Override
  public void contextReady(ArmSmmuDomain domain, Device device) {
    if (isGpu(device)) {
      device.detach(AdrenoSmmuPriv.class);
      device.attach(AdrenoSmmuPriv.class, new QcomAdrenoSmmuPriv(domain, this));
    }
  }

  @Override
  public void contextGone(ArmSmmuDomain domain, Device device) {
    if (device.find(AdrenoSmmuPriv.class) instanceof QcomAdrenoSmmuPriv priv
        && priv.serves(domain)) {
      device.detach(AdrenoSmmuPriv.class);
    }
  }

  private static boolean isGpu(Device device) {
    return ArmSmmuMasterCfg.of(device).ids().stream().anyMatch(id -> (id & SID_MASK) == GPU_SID);
  }
}
