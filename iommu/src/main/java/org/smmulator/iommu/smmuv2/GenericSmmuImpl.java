package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.ENOSPC;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** An SMMU as the architecture has it. */
final class GenericSmmuImpl implements SmmuImpl {
  @Override
  public SmmuFeatures cfgProbe(SmmuFeatures probed) {
    return probed;
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  @Override
  public boolean refuses(Device device, IommuDomain domain) {
    return false;
  }

  @Override
  public IoPgtableConfig initContext(IoPgtableConfig config, Device device, DomainType type) {
    return config;
  }

  @Override
  public int allocContextBank(ArmSmmu smmu, Device device, int start) throws ErrnoException {
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
