package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Invs.Kind;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Cd;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Entry;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;

/**
 * A domain whose table is a process's: the same entries in memory serve CPU and device.
 *
 * <p>Kernel: {@code drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3-sva.c}. It has an ASID of its own,
 * not the process's: the SMMU does not listen to the CPUs' invalidations, it is told.
 */
final class ArmSmmuV3Sva extends IommuDomain.Sva {
  private final ArmSmmuV3Device smmu;
  private final ArmSmmuV3DomainInvs invs;

  /**
   * Shares the table of {@code mm}.
   *
   * @throws ErrnoException EBUSY if there is no ASID left
   */
  ArmSmmuV3Sva(IommuOps owner, ArmSmmuV3Device smmu, AddressSpace mm) throws ErrnoException {
    super(owner, mm);
    this.smmu = smmu;
    this.invs = new ArmSmmuV3DomainInvs(smmu, Kind.S1_ASID, smmu.allocAsid(), false, PAGE_SHIFT);
  }

  ArmSmmuV3Device smmu() {
    return smmu;
  }

  ArmSmmuV3DomainInvs invs() {
    return invs;
  }

  ArmSmmuV3Entry contextDescriptor(ArmSmmuV3Master master) {
    return ArmSmmuV3Cd.sva(
        smmu.globals().cpu(), mm().pagetableBase(), invs.id(), master.streamAttrs());
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_mm_arch_invalidate_secondary_tlbs()}. */
  @Override
  protected void invalidate(long va, long sizeBytes) {
    invs.invalidate(va, sizeBytes, PAGE_SIZE, false);
  }

  /**
   * {@inheritDoc} The descriptors stay valid, so that a device which goes on does not cause a
   * configuration error each time; they lead nowhere. Kernel: {@code arm_smmu_mm_release()}.
   */
  @Override
  protected void released() {
    for (ArmSmmuV3DomainInvs.MasterDomain user : invs.devices()) {
      ArmSmmuV3Master master = user.master();
      ArmSmmuV3Entry nothing =
          ArmSmmuV3Cd.released(smmu.globals().cpu(), invs.id(), master.streamAttrs());
      master.cdTable().write(user.ssid(), nothing);
    }
    invs.invalidateAll();
  }

  @Override
  protected void free() {
    smmu.freeAsid(invs.id());
  }
}
