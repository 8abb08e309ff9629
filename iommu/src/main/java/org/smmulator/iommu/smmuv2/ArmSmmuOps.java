package org.smmulator.iommu.smmuv2;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.iommu.ReservedRegion.Kind.SW_MSI;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOTSUPP;
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
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.PageOwner;

/** The driver's operations. Kernel: {@code arm_smmu_ops}. */
final class ArmSmmuOps implements IommuOps {
  private static final int SID_MASK = 0xffff;
  private static final int MASK_SHIFT = 16;

  /** The window for MSI doorbells. Kernel: {@code MSI_IOVA_BASE}, {@code MSI_IOVA_LENGTH}. */
  private static final ReservedRegion MSI_WINDOW =
      new ReservedRegion(
          0x800_0000, 0x10_0000, IommuProt.WRITE | IommuProt.NOEXEC | IommuProt.MMIO, SW_MSI);

  private final IommuServices services;
  private final ArmSmmuDtBinding binding;

  ArmSmmuOps(IommuServices services, ArmSmmuDtBinding binding) {
    this.services = services;
    this.binding = binding;
  }

  /** Kernel: {@code arm_smmu_of_xlate()}. */
  @Override
  public int ofXlate(DtNode target, ImmutableIntArray cells) {
    int sid = cells.isEmpty() ? 0 : cells.get(0) & SID_MASK;
    int mask = cells.length() > 1 ? cells.get(1) : target.cell("stream-match-mask", 0);
    return sid | mask << MASK_SHIFT;
  }

  @Override
  public ImmutableIntArray listedStreams(IommuDevice instance, Device device) {
    return ArmSmmuDtBinding.idsOf(instance.hardware().of(), device.of());
  }

  /**
   * {@inheritDoc} Kernel: {@code arm_smmu_probe_device()}.
   *
   * @throws ErrnoException ENODEV without an SMMU; EINVAL for a stream id or mask out of range, or
   *     one that overlaps another entry; ENOSPC if all entries are in use
   */
  @Override
  public void probeDevice(Device device, IommuFwspec spec) throws ErrnoException {
    ArmSmmuDevice smmu = spec.iommu().driverData(ArmSmmuDevice.class);
    smmu.power().follow(device);
    try (var _ = smmu.power().hold();
        var _ = smmu.lockStreams()) {
      ArmSmmuStreamMap streams = smmu.streams();
      for (int i = 0; i < spec.ids().length(); i++) {
        try {
          streams.checkId(spec.ids().get(i));
        } catch (ErrnoException e) {
          device.err("%s", e.reason());
          throw e;
        }
      }
      device.attach(
          ArmSmmuMasterCfg.class,
          new ArmSmmuMasterCfg(smmu, spec.ids(), takeEntries(streams, spec.ids())));
    }
  }

  /** All or none. Kernel: {@code arm_smmu_master_alloc_smes()}. */
  private static ImmutableIntArray takeEntries(ArmSmmuStreamMap streams, ImmutableIntArray ids)
      throws ErrnoException {
    ImmutableIntArray.Builder entries = ImmutableIntArray.builder(ids.length());
    for (int i = 0; i < ids.length(); i++) {
      try {
        entries.add(streams.take(ids.get(i)));
      } catch (ErrnoException e) {
        entries.build().forEach(streams::release);
        throw e;
      }
    }
    ImmutableIntArray taken = entries.build();
    taken.forEach(streams::write);
    return taken;
  }

  @Override
  public void releaseDevice(Device device) {
    ArmSmmuMasterCfg master = ArmSmmuMasterCfg.of(device);
    try (var _ = master.smmu().power().hold();
        var _ = master.smmu().lockStreams()) {
      master.entries().forEach(master.smmu().streams()::release);
    }
    device.detach(ArmSmmuMasterCfg.class);
  }

  /**
   * {@inheritDoc} Devices that share a stream map entry share a group. Kernel: {@code
   * arm_smmu_device_group()}.
   *
   * @throws ErrnoException EINVAL if its streams belong to two groups
   */
  @Override
  public IommuGroup deviceGroup(Device device) throws ErrnoException {
    ArmSmmuMasterCfg master = ArmSmmuMasterCfg.of(device);
    ArmSmmuStreamMap streams = master.smmu().streams();
    try (var _ = master.smmu().lockStreams()) {
      IommuGroup shared = sharedGroup(master, streams);
      IommuGroup group = shared == null ? services.iommu().newGroup() : shared;
      master.entries().forEach(entry -> streams.setGroup(entry, group));
      return group;
    }
  }

  private static @Nullable IommuGroup sharedGroup(ArmSmmuMasterCfg master, ArmSmmuStreamMap streams)
      throws ErrnoException {
    IommuGroup shared = null;
    for (int i = 0; i < master.entries().length(); i++) {
      IommuGroup group = streams.group(master.entries().get(i));
      if (shared != null && group != null && !shared.equals(group)) {
        throw EINVAL.because("the streams belong to groups %d and %d", shared.id(), group.id());
      }
      shared = group == null ? shared : group;
    }
    return shared;
  }

  @Override
  public ImmutableSet<String> dmaDomainMembers() {
    return ImmutableSet.of("qcom,sdhci-msm-v4", "smmulator,sdhost");
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return binding.isLegacy()
        ? DomainType.IDENTITY
        : ArmSmmuMasterCfg.of(device).smmu().impl().defDomainType(device);
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_capable()}. */
  @Override
  public boolean capable(Device device, IommuCap cap) {
    return switch (cap) {
      case CACHE_COHERENCY ->
          ArmSmmuMasterCfg.of(device).smmu().features().has(ArmSmmuFeatures.Flag.COHERENT_WALK)
              || isCoherent(device.of());
      case NOEXEC, DEFERRED_FLUSH -> true;
      case DIRTY_TRACKING, TABLE_SWITCH -> false;
    };
  }

  /** Kernel: {@code device_get_dma_attr()}. */
  private static boolean isCoherent(@Nullable DtNode node) {
    return node != null && OfDma.isCoherent(node);
  }

  /** {@inheritDoc} Kernel: {@code arm_smmu_get_resv_regions()}. */
  @Override
  public ImmutableList<ReservedRegion> reservedRegions(Device device) {
    return ImmutableList.of(MSI_WINDOW);
  }

  /** {@inheritDoc} Kernel: {@code smmu->pgsize_bitmap}. */
  @Override
  public long pgsizeBitmap(IommuDevice instance) {
    ArmSmmuDevice smmu = instance.hardware().find(ArmSmmuDevice.class);
    checkState(smmu != null, "%s has no driver", instance);
    return smmu.features().tables().pgsizeBitmap();
  }

  @Override
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags)
      throws ErrnoException {
    if (flags != 0) {
      throw EOPNOTSUPP.because("an SMMUv2 has no domain of flags 0x%x", flags);
    }
    Mutex initMutex = services.kernel().lockdep().mutex("smmu_domain->init_mutex");
    return new ArmSmmuDomain(this, type, initMutex);
  }

  @Override
  public PgtableDomain.Dynamic allocDynamic(PgtableDomain master, PageOwner owner)
      throws ErrnoException {
    return new ArmSmmuDynamicDomain((ArmSmmuDomain) master, owner);
  }

  /** {@inheritDoc} As {@code qcom_adreno_smmu_set_ttbr0_cfg()} does. */
  @Override
  public void setLower(PgtableDomain master, PgtableDomain.@Nullable Dynamic first)
      throws ErrnoException {
    ArmSmmuDomain domain = (ArmSmmuDomain) master;
    ArmSmmuCb now = domain.context().state();
    if (now.upperClosed()) {
      return; // there is one half only, and it is walked
    }
    if (now.lowerClosed() == (first == null)) {
      throw EINVAL.because("TTBR0 is %s already", first == null ? "closed" : "open");
    }
    try (var _ = domain.smmu().power().hold()) {
      domain
          .context()
          .setState(
              first == null
                  ? domain.context().ownState()
                  : now.withLower((PgtableRegisters.Stage1) first.table().registers()));
    }
  }

  /** {@inheritDoc} A split bank's upper half is the master's whatever TTBR0 is. */
  @Override
  public void takeBack(PgtableDomain master) {
    ArmSmmuDomainContext context = ((ArmSmmuDomain) master).context();
    if (context.state().upperClosed()) {
      try (var _ = context.smmu().power().hold()) {
        context.setState(context.state());
        context.flushAll();
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws ErrnoException also ENOTSUPP if the device stays out of default domains
   */
  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    ArmSmmuMasterCfg master = ArmSmmuMasterCfg.of(device);
    if (master.smmu().impl().refuses(device, next)) {
      throw ENOTSUPP.because("%s opted out of a default domain", device.name());
    }
    try (var _ = master.smmu().power().hold()) {
      attachWhileAwake(next, device, master);
    }
  }

  /**
   * Kernel: {@code arm_smmu_attach_dev()}; {@code arm_smmu_attach_dev_identity()} and {@code
   * arm_smmu_attach_dev_blocked()}, which need no context bank.
   */
  private static void attachWhileAwake(IommuDomain next, Device device, ArmSmmuMasterCfg master)
      throws ErrnoException {
    ArmSmmuStreamMap streams = master.smmu().streams();
    switch (next) {
      case IommuDomain.Fixed.IDENTITY -> master.entries().forEach(streams::bypass);
      case IommuDomain.Fixed.BLOCKED -> master.entries().forEach(streams::fault);
      case ArmSmmuDomain domain -> {
        domain.finaliseFor(master.smmu(), device);
        master.smmu().power().useAutosuspend();
        master.entries().forEach(entry -> streams.translate(entry, domain.bankIndex()));
      }
      case IommuDomain.Paging other ->
          throw EINVAL.because("a domain of %s is not arm-smmu's", other.owner());
      case IommuDomain.Sva _ -> throw EINVAL.because("an SMMUv2 has no PASIDs");
    }
  }
}
