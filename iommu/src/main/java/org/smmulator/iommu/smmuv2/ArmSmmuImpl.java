package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** Where SMMUs of one programming model differ. Kernel: {@code struct arm_smmu_impl}. */
interface ArmSmmuImpl {
  /** Corrects what the ID registers say. */
  ArmSmmuFeatures cfgProbe(ArmSmmuFeatures probed);

  /**
   * Looks at what firmware has left in the hardware, before it is reset for the first time. Kernel:
   * the rest of {@code cfg_probe()}.
   */
  void takeOver(ArmSmmuDevice smmu);

  /** What goes into an S2CR to have its streams treated like {@code type}. */
  int s2cr(int type, int bank);

  /** The part of a reset that is implementation defined. */
  void reset(ArmSmmuDevice smmu);

  /** Which default domain a device must have; null for no opinion. */
  @Nullable DomainType defDomainType(Device device);

  /** Whether {@code device} is not to be attached to {@code domain}. */
  boolean refuses(Device device, IommuDomain domain);

  /**
   * What the table of a new domain of that type for {@code device} is to be.
   *
   * @param kind which tables, for which stage
   * @param bank where it will be; what is implementation defined there may be set
   */
  IoPgtableConfig initContext(
      IoPgtableConfig config, ArmSmmuContextFmt kind, Mmio bank, Device device, DomainType type);

  /**
   * Takes a context bank for {@code device}.
   *
   * @param start the first bank that can do what the domain needs
   * @throws ErrnoException ENOSPC if none is free
   */
  int allocContextBank(ArmSmmuDevice smmu, Device device, int start) throws ErrnoException;

  /** Whether to invalidate a whole ASID where a walk's entries would do. */
  boolean flushWalkByAsid();

  /** What goes into a bank's SCTLR where the architecture would have {@code sctlr}. */
  int sctlr(int bank, int sctlr);

  /** A domain is in its bank and can be used. */
  void contextReady(ArmSmmuDomain domain, Device device);

  /** A domain that was made for {@code device} gives its bank back. */
  void contextGone(ArmSmmuDomain domain, Device device);
}
