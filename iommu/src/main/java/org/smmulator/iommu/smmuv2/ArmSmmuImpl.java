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

/**
 * The hooks of an implementation. The defaults are an SMMU as the architecture has it. Kernel:
 * {@code struct arm_smmu_impl}, where a hook that is null has the same default.
 */
interface ArmSmmuImpl {
  /** An SMMU as the architecture has it. */
  static ArmSmmuImpl generic() {
    return new ArmSmmuImpl() {};
  }

  /** Corrects what the ID registers say. Kernel: {@code cfg_probe()}. */
  default ArmSmmuFeatures cfgProbe(ArmSmmuFeatures probed) {
    return probed;
  }

  /**
   * Takes over what firmware has left in the hardware, before the first reset. Kernel: the rest of
   * {@code cfg_probe()}.
   */
  default void takeOver(ArmSmmuDevice smmu) {}

  /** The S2CR of streams of {@code type}. Kernel: {@code write_s2cr()}. */
  default int s2cr(int type, int bank) {
    return Gr0.S2CR_TYPE.of(type)
        | Gr0.S2CR_CBNDX.of(bank)
        | Gr0.S2CR_PRIVCFG.of(Gr0.S2CR_PRIVCFG_DEFAULT);
  }

  /** Resets what is implementation defined. Kernel: {@code reset()}. */
  default void reset(ArmSmmuDevice smmu) {}

  /** The type of default domain that a device needs; null for any. */
  default @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  /** Returns whether an attach of {@code device} to {@code domain} is refused. */
  default boolean refuses(Device device, IommuDomain domain) {
    return false;
  }

  /**
   * The table configuration of a new domain for {@code device}. Kernel: {@code init_context()}.
   *
   * @param kind the format and stage
   * @param bank the context bank, whose implementation defined registers may be written
   */
  default IoPgtableConfig initContext(
      IoPgtableConfig config, ArmSmmuContextFmt kind, Mmio bank, Device device, DomainType type) {
    return config;
  }

  /**
   * Allocates a context bank for {@code device}. Kernel: {@code alloc_context_bank()}.
   *
   * @param start the first bank that can do what the domain needs
   * @throws ErrnoException ENOSPC if none is free
   */
  default int allocContextBank(ArmSmmuDevice smmu, Device device, int start) throws ErrnoException {
    int bank = smmu.takeBank(start, smmu.features().contextBanks());
    if (bank < 0) {
      throw ENOSPC.because("all context banks are taken");
    }
    return bank;
  }

  /**
   * Returns whether a walk flush invalidates the ASID. Kernel: {@code flush_walk_prefer_tlbiasid}.
   */
  default boolean flushWalkByAsid() {
    return false;
  }

  /**
   * Returns whether context faults are handled by a thread, so that who hears of them may block.
   */
  default boolean contextFaultNeedsThreadedIrq() {
    return false;
  }

  /** The SCTLR of a bank, given the architecture's. Kernel: {@code write_sctlr()}. */
  default int sctlr(int bank, int sctlr) {
    return sctlr;
  }

  /** Called when a domain has its bank. */
  default void contextReady(ArmSmmuDomain domain, Device device) {}

  /** Called before a domain that was made for {@code device} gives its bank back. */
  default void contextGone(ArmSmmuDomain domain, Device device) {}
}
