package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENOSPC;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Gr0;

/** An SMMU as the architecture has it; the others differ from it here and there. */
class ArmSmmuGenericImpl implements ArmSmmuImpl {
  @Override
  public ArmSmmuFeatures cfgProbe(ArmSmmuFeatures probed) {
    return probed;
  }

  @Override
  public void takeOver(ArmSmmuDevice smmu) {}

  @Override
  public int s2cr(int type, int bank) {
    return Gr0.S2CR_TYPE.of(type)
        | Gr0.S2CR_CBNDX.of(bank)
        | Gr0.S2CR_PRIVCFG.of(Gr0.S2CR_PRIVCFG_DEFAULT);
  }

  @Override
  public void reset(ArmSmmuDevice smmu) {}

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  @Override
  public boolean refuses(Device device, IommuDomain domain) {
    return false;
  }

  @Override
  public IoPgtableConfig initContext(
      IoPgtableConfig config, ArmSmmuContextFmt kind, Mmio bank, Device device, DomainType type) {
    return config;
  }

  @Override
  public int allocContextBank(ArmSmmuDevice smmu, Device device, int start) throws ErrnoException {
    int bank = smmu.takeBank(start, smmu.features().contextBanks());
    if (bank < 0) {
      throw ENOSPC.because("all context banks are taken");
    }
    return bank;
  }

  @Override
  public boolean flushWalkByAsid() {
    return false;
  }

  @Override
  public int sctlr(int bank, int sctlr) {
    return sctlr;
  }

  @Override
  public void contextReady(ArmSmmuDomain domain, Device device) {}

  @Override
  public void contextGone(ArmSmmuDomain domain, Device device) {}
}
