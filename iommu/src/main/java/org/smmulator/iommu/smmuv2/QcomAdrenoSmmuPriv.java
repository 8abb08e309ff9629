package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.AdrenoPrr;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/** The GPU's interface to its domain's context bank. Kernel: {@code qcom_adreno_smmu_*()}. */
final class QcomAdrenoSmmuPriv implements AdrenoSmmuPriv {
  private final ArmSmmuDomain domain;
  private final QcomAdrenoSmmuImpl impl;

  QcomAdrenoSmmuPriv(ArmSmmuDomain domain, QcomAdrenoSmmuImpl impl) {
    this.domain = domain;
    this.impl = impl;
  }

  boolean serves(ArmSmmuDomain other) {
    return domain.equals(other);
  }

  @Override
  public Device iommu() {
    return domain.smmu().device();
  }

  @Override
  public IoPgtableConfig getTtbr1Cfg() {
    return domain.context().table().config();
  }

  @Override
  public void setTtbr0Cfg(PgtableRegisters.@Nullable Stage1 cfg) throws ErrnoException {
    ArmSmmuCb now = domain.context().state();
    if (now.upperClosed()) {
      throw EINVAL.because("the domain does not have split pagetables");
    }
    if (now.lowerClosed() == (cfg == null)) {
      throw EINVAL.because("TTBR0 is %s already", cfg == null ? "closed" : "open");
    }
    // The kernel relies on its caller to have the SMMU awake.
    try (var _ = domain.smmu().power().hold()) {
      domain.context().setState(cfg == null ? domain.context().ownState() : now.withLower(cfg));
    }
  }

  @Override
  public AdrenoSmmuFaultInfo getFaultInfo() {
    Mmio bank = domain.bank();
    try (var _ = domain.smmu().power().hold()) {
      return new AdrenoSmmuFaultInfo(
          bank.read(Cb.FAR),
          bank.read(Cb.TTBR0),
          bank.read(Cb.CONTEXTIDR),
          bank.read(Cb.FSR),
          bank.read(Cb.FSYNR0),
          bank.read(Cb.FSYNR1),
          domain.smmu().gr1().read(Gr1.CBFRSYNRA, domain.bankIndex()));
    }
  }

  /**
   * {@inheritDoc} Kernel: {@code qcom_adreno_smmu_set_prr_bit()}, {@code
   * qcom_adreno_smmu_set_prr_addr()}.
   */
  @Override
  public @Nullable Prr prr() {
    return impl.model().partlyResident() ? new Regions() : null;
  }

  private final class Regions implements Prr {
    @Override
    public void setBit(boolean enabled) {
      Mmio bank = domain.bank();
      try (var _ = domain.smmu().power().hold()) {
        int actlr = bank.read(Cb.ACTLR);
        bank.write(Cb.ACTLR, Cb.ACTLR_PRR.with(actlr, enabled ? 1 : 0));
      }
    }

    @Override
    public void setAddress(long pagePa) {
      try (var _ = domain.smmu().power().hold()) {
        domain.smmu().gr0().write(AdrenoPrr.CFG_LADDR, (int) pagePa);
        domain.smmu().gr0().write(AdrenoPrr.CFG_UADDR, (int) (pagePa >>> 32));
      }
    }
  }

  @Override
  public void setStall(boolean enabled) {
    impl.setStall(domain.bankIndex(), enabled);
    Mmio bank = domain.bank();
    // Asleep, it is told when it wakes up.
    try (ArmSmmuRpm.Held awake = domain.smmu().power().holdIfAwake()) {
      if (awake != null) {
        int sctlr = bank.read(Cb.SCTLR) & ~Cb.SCTLR_CFCFG.mask();
        bank.write(Cb.SCTLR, enabled ? sctlr | Cb.SCTLR_CFCFG.mask() : sctlr);
      }
    }
  }
}
