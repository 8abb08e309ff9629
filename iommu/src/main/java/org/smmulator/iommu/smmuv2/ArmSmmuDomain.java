package org.smmulator.iommu.smmuv2;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EPERM;

import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;

/**
 * A domain with a table and, from its first attach on, a context bank of one SMMU.
 *
 * <p>Kernel: {@code struct arm_smmu_domain}. Before the first attach neither the SMMU nor, with
 * that, the table's format is known.
 */
final class ArmSmmuDomain extends PgtableDomain {
  private final Mutex initMutex;
  private @Nullable ArmSmmuDomainContext context;
  private ImmutableSet<Quirk> tableQuirks = ImmutableSet.of();

  ArmSmmuDomain(IommuOps owner, DomainType type, Mutex initMutex) {
    super(owner, type);
    this.initMutex = initMutex;
  }

  /**
   * Makes the domain usable by {@code device}: at the first attach it gets table and bank. Kernel:
   * {@code arm_smmu_init_domain_context()}.
   *
   * @throws ErrnoException EINVAL if the domain lives on another SMMU; ENOSPC without a free bank;
   *     ENOMEM
   */
  void finaliseFor(ArmSmmuDevice smmu, Device device) throws ErrnoException {
    try (var _ = initMutex.lock()) {
      if (context == null) {
        context = ArmSmmuDomainContext.create(this, smmu, device);
        smmu.impl().contextReady(this, device);
      }
    }
    if (!smmu.equals(smmu())) {
      throw EINVAL.because("the domain lives on %s", smmu().device().name());
    }
  }

  @Override
  protected void finalise(Device device) throws ErrnoException {
    ArmSmmuDevice smmu = ArmSmmuMasterCfg.of(device).smmu();
    try (var _ = smmu.power().hold()) {
      finaliseFor(smmu, device);
    }
  }

  ArmSmmuDomainContext context() {
    ArmSmmuDomainContext known = context;
    checkState(known != null, "the domain was never attached");
    return known;
  }

  ArmSmmuDevice smmu() {
    return context().smmu();
  }

  int bankIndex() {
    return context().bankIndex();
  }

  @Override
  public String place() {
    return context == null ? "-" : "context bank " + bankIndex();
  }

  Mmio bank() {
    return context().bank();
  }

  @Override
  protected void setTableQuirks(ImmutableSet<Quirk> quirks) throws ErrnoException {
    if (context != null) {
      throw EPERM.because("the domain's table is made");
    }
    tableQuirks = quirks;
  }

  /** Quirks that the domain's owner asked for. */
  ImmutableSet<Quirk> tableQuirks() {
    return tableQuirks;
  }

  @Override
  protected @Nullable IoPgtable pgtableIfMade() {
    return context == null ? null : context.table();
  }

  @Override
  protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
    try (var _ = smmu().power().hold()) {
      return super.mapPages(iova, pa, pageSizeBytes, count, prot);
    }
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    try (var _ = smmu().power().hold()) {
      return super.unmapPages(iova, pageSizeBytes, count, gather);
    }
  }

  @Override
  protected long iovaToPhys(long iova) {
    return context == null ? 0 : context.iovaToPhys(iova);
  }

  @Override
  protected void flushIotlbAll() {
    if (context != null) {
      try (var _ = smmu().power().hold()) {
        context.flushAll();
      }
    }
  }

  @Override
  public void iotlbSync(IotlbGather gather) {
    ArmSmmuDomainContext known = context();
    try (var _ = smmu().power().hold()) {
      known.sync();
    }
  }

  @Override
  protected void free() {
    if (context != null) {
      context.smmu().impl().contextGone(this, context.firstDevice());
      context.destroy();
      context = null;
    }
  }
}
