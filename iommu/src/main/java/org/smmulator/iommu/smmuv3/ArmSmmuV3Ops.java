package org.smmulator.iommu.smmuv3;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFwspec;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.IommuStream;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Features;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.AddressSpace;

/** The driver's operations. Kernel: {@code arm_smmu_ops}. */
final class ArmSmmuV3Ops implements IommuOps {
  /** Kernel: {@code MSI_IOVA_BASE}, {@code MSI_IOVA_LENGTH}. */
  private static final ReservedRegion MSI_WINDOW =
      new ReservedRegion(
          0x800_0000,
          0x10_0000,
          IommuProt.WRITE | IommuProt.NOEXEC | IommuProt.MMIO,
          ReservedRegion.Kind.SW_MSI);

  private final IommuServices services;
  private final ArmSmmuV3Attach attach;

  ArmSmmuV3Ops(IommuServices services, ArmSmmuV3Globals globals) {
    this.services = services;
    this.attach = new ArmSmmuV3Attach(globals);
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_of_xlate()}. */
  @Override
  public int ofXlate(DtNode target, ImmutableIntArray cells) {
    return cells.get(0);
  }

  /**
   * {@inheritDoc} Kernel: {@code arm_smmu_probe_device()}.
   *
   * @throws ErrnoException ENODEV without an SMMU, or for a stream of another master; EINVAL for
   *     streams of two SMMUs; ERANGE for a stream id outside of the stream table; ENOMEM
   */
  @Override
  public void probeDevice(Device device, IommuFwspec spec) throws ErrnoException {
    ArmSmmuV3Device smmu = spec.iommu().driverData(ArmSmmuV3Device.class);
    for (IommuStream stream : spec.streams()) {
      if (!stream.iommu().equals(spec.iommu())) {
        throw EINVAL.because("%s masters through two SMMUs", device.name());
      }
    }
    ArmSmmuV3Master master = new ArmSmmuV3Master(smmu, device, spec.ids());
    try (var _ = smmu.streams().lock()) {
      smmu.streams().insert(master.asOwner(), master.sids(), smmu.strtab());
    }
    device.attach(ArmSmmuV3Master.class, master);
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_release_device()}. */
  @Override
  public void releaseDevice(Device device) {
    ArmSmmuV3Master master = ArmSmmuV3Master.of(device);
    try (var _ = master.smmu().streams().lock()) {
      master.smmu().streams().remove(device);
    }
    master.cdTable().free();
    device.detach(ArmSmmuV3Master.class);
  }

  @Override
  public IommuDomain.Fixed releaseDomain() {
    return IommuDomain.Fixed.BLOCKED;
  }

  /** {@inheritDoc} Kernel: {@code generic_device_group()}; there is no PCI here. */
  @Override
  public IommuGroup deviceGroup(Device device) {
    return services.iommu().newGroup();
  }

  @Override
  public ImmutableSet<String> dmaDomainMembers() {
    return ImmutableSet.of("smmulator,sdhost");
  }

  /** {@inheritDoc} The kernel's driver has one of PCI devices only. */
  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_get_resv_regions()}. */
  @Override
  public ImmutableList<ReservedRegion> reservedRegions(Device device) {
    return ImmutableList.of(MSI_WINDOW);
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_capable()}. */
  @Override
  public boolean capable(Device device, IommuCap cap) {
    ArmSmmuV3Features features = ArmSmmuV3Master.of(device).smmu().features();
    return switch (cap) {
      case CACHE_COHERENCY -> features.has(ArmSmmuV3Feature.COHERENCY);
      case NOEXEC, DEFERRED_FLUSH -> true;
      case DIRTY_TRACKING -> ArmSmmuV3Domain.hasDirtyPages(features);
      case TABLE_SWITCH -> false;
    };
  }

  @Override
  public int maxPasids(Device device) {
    int bits = ArmSmmuV3Master.of(device).ssidBits();
    return bits == 0 ? 0 : 1 << bits;
  }

  /** {@inheritDoc} Kernel: {@code smmu->pgsize_bitmap}. */
  @Override
  public long pgsizeBitmap(IommuDevice instance) {
    ArmSmmuV3Device smmu = instance.hardware().find(ArmSmmuV3Device.class);
    checkState(smmu != null, "%s has no driver", instance);
    return smmu.features().pgsizeBitmap();
  }

  @Override
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags)
      throws ErrnoException {
    ArmSmmuV3Device smmu = ArmSmmuV3Master.of(device).smmu();
    return ArmSmmuV3Domain.create(
        this, type, smmu, ArmSmmuV3Domain.Plan.of(flags, smmu.features()), device.name());
  }

  /**
   * {@inheritDoc} Kernel: {@code arm_smmu_sva_domain_alloc()}.
   *
   * @throws ErrnoException EOPNOTSUPP if the SMMU cannot walk the tables of the CPUs; EBUSY if all
   *     ASIDs are in use
   */
  @Override
  public IommuDomain.Sva allocSva(Device device, AddressSpace mm) throws ErrnoException {
    ArmSmmuV3Device smmu = ArmSmmuV3Master.of(device).smmu();
    if (!smmu.features().has(ArmSmmuV3Feature.SVA)) {
      throw EOPNOTSUPP.because("%s cannot walk what the CPUs walk", smmu.device().name());
    }
    return new ArmSmmuV3Sva(this, smmu, mm);
  }

  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    ArmSmmuV3Master master = ArmSmmuV3Master.of(device);
    switch (next) {
      case IommuDomain.Fixed fixed -> attach.toFixed(master, fixed);
      case ArmSmmuV3Domain domain -> attach.toTable(master, domain);
      case IommuDomain.Paging other ->
          throw EINVAL.because("a domain of %s is not arm-smmu-v3's", other.owner());
      case IommuDomain.Sva _ -> throw EINVAL.because("a process's table needs a PASID");
    }
  }

  @Override
  public boolean attachesPasids() {
    return true;
  }

  @Override
  public void attachPasid(
      IommuDomain next, Device device, int pasid, @Nullable IommuDomain previous)
      throws ErrnoException {
    ArmSmmuV3Master master = ArmSmmuV3Master.of(device);
    switch (next) {
      case IommuDomain.Fixed.BLOCKED -> attach.endSubstream(master, pasid, previous);
      case IommuDomain.Fixed.IDENTITY -> throw EOPNOTSUPP.because("identity is not for one PASID");
      case ArmSmmuV3Domain domain -> attach.substreamToTable(master, pasid, domain, previous);
      case ArmSmmuV3Sva domain -> attach.toProcess(master, pasid, domain, previous);
      case IommuDomain.Paging other ->
          throw EINVAL.because("a domain of %s is not arm-smmu-v3's", other.owner());
      case IommuDomain.Sva other ->
          throw EINVAL.because("a domain of %s is not arm-smmu-v3's", other.owner());
    }
  }

  @Override
  public boolean answersPageRequests() {
    return true;
  }

  @Override
  public void answer(Device device, PageRequest request, PageResponse response) {
    ArmSmmuV3Master.of(device).answer(request, response);
  }
}
