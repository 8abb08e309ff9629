package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EPERM;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.DirtyPages;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/**
 * The IOMMU core of one machine: what drivers of devices, and drivers of IOMMUs, call.
 *
 * <p>Kernel: {@code drivers/iommu/iommu.c}. Addresses called iova are what a device puts on the
 * bus; they are unsigned 64-bit numbers, so the upper half of a split address space is negative
 * here.
 */
@Singleton
public final class Iommu {
  private final Dmesg dmesg;
  private final IommuPolicy policy;
  private final IommuDesign design;
  private final Tracer tracer;
  private final IommuTrace trace;
  private final DomainMapper mapper;
  private final ReservedRegions reservedRegions = new ReservedRegions();
  private final DefaultDomains defaultDomains;
  private final IommuGroups groups;
  private final IommuProbe probe;
  private final IommuBus bus;
  private final IommuPasids pasids = new IommuPasids();

  /**
   * Makes the core of a machine that has no IOMMU yet.
   *
   * @param policy the kernel's parameters
   * @param design one side of each argument
   */
  @Inject
  public Iommu(
      Tracer tracer, Dmesg dmesg, Lockdep lockdep, IommuPolicy policy, IommuDesign design) {
    this.dmesg = dmesg;
    this.policy = policy;
    this.design = design;
    this.tracer = tracer;
    this.trace = new IommuTrace(tracer);
    this.mapper = new DomainMapper(design.split(), this::mappable, dmesg, trace);
    this.defaultDomains =
        new DefaultDomains(policy, design, new DirectMappings(mapper, reservedRegions), dmesg);
    this.groups = new IommuGroups(lockdep, trace, dmesg);
    this.probe =
        new IommuProbe(
            lockdep.mutex("iommu_probe_device_lock"),
            defaultDomains,
            groups,
            device -> design.groups().groupFor(device, DeviceIommu.of(device).ops(), this),
            trace);
    this.bus = new IommuBus(probe, design, defaultDomains);
  }

  /** The machine's tracer, for what stands on this core. */
  public Tracer tracer() {
    return tracer;
  }

  /** Says in the boot log what was decided. Kernel: {@code iommu_subsys_init()}. */
  public void initcall() {
    DomainType type = policy.defaultType();
    dmesg.info(
        "iommu: Default domain type: %s%s", type.logName(), source(policy.said().passthrough()));
    if (type.isDma()) {
      dmesg.info(
          "iommu: DMA domain TLB invalidation policy: %s mode%s",
          type == DomainType.DMA ? "strict" : "lazy", source(policy.said().strict()));
    }
  }

  private static String source(boolean commandLine) {
    return commandLine ? " (set via kernel command line)" : "";
  }

  /** The core's half that IOMMUs, devices and drivers come and go by. */
  public IommuBus bus() {
    return bus;
  }

  /** The core's half that deals with PASIDs. */
  public IommuPasids pasids() {
    return pasids;
  }

  // ---- groups

  /** A new group for a device that shares with nobody. Kernel: {@code generic_device_group()}. */
  public IommuGroup newGroup() {
    return groups.make();
  }

  /** All groups by id: {@code /sys/kernel/iommu_groups}. */
  public ImmutableList<IommuGroup> groups() {
    return groups.all();
  }

  /** The group of {@code device}; null if it has no IOMMU. Kernel: {@code iommu_group_get()}. */
  public @Nullable IommuGroup groupOf(Device device) {
    return DeviceIommu.groupOf(device);
  }

  /** The hardware that the device is behind; null if it is behind none. */
  public @Nullable IommuDevice instanceOf(Device device) {
    return groupOf(device) == null ? null : DeviceIommu.of(device).spec().iommu();
  }

  /**
   * The page sizes that a table would be made with for {@code group}: those of the instance in
   * front of it, as far as {@code iommu.pgsize} has that count. 0 for an empty group.
   */
  public long pageSizes(IommuGroup group) {
    ImmutableList<Device> devices = group.devices();
    if (devices.isEmpty()) {
      return 0;
    }
    IommuDevice instance = DeviceIommu.of(devices.getFirst()).spec().iommu();
    return design.pageSizes().forTable(instance.ops().pgsizeBitmap(instance), bus.instances());
  }

  /** The domain that the device's DMA goes into now; null if it has no IOMMU. */
  public @Nullable IommuDomain domainOf(Device device) {
    IommuGroup group = groupOf(device);
    return group == null ? null : group.domain();
  }

  // ---- domains

  /**
   * Makes a domain for the caller to attach, map and unmap. Kernel: {@code
   * iommu_paging_domain_alloc()}.
   *
   * @throws ErrnoException ENODEV if {@code device} has no IOMMU; ENOMEM
   */
  public IommuDomain.Paging allocPaging(Device device) throws ErrnoException {
    return allocPaging(device, 0);
  }

  /**
   * Makes such a domain with features. Kernel: {@code iommu_paging_domain_alloc_flags()}.
   *
   * @param flags bits of {@link IommuOps#ALLOC_PASID} and its like
   * @throws ErrnoException ENODEV; EOPNOTSUPP for what the IOMMU cannot do; ENOMEM
   */
  public IommuDomain.Paging allocPaging(Device device, int flags) throws ErrnoException {
    var _ = DeviceIommu.requireGroup(device);
    return DeviceIommu.of(device).ops().allocPaging(device, DomainType.UNMANAGED, flags);
  }

  /**
   * Makes a domain for whatever device of the bus that {@code device} is on will be attached first;
   * what is mapped before that is only noted. Kernel: {@code iommu_domain_alloc()}, until 2024.
   *
   * @throws ErrnoException ENODEV if {@code device} has no IOMMU
   */
  public IommuDomain.Paging allocGeneric(Device device) throws ErrnoException {
    var _ = DeviceIommu.requireGroup(device);
    return new GenericDomain(DeviceIommu.of(device).ops());
  }

  /**
   * Makes a domain for the driver of {@code device} to fill, as drivers did at the time that {@code
   * iommu.pgsize} speaks of: for the device, or, where groups have domains of their own, for
   * whatever is attached first.
   *
   * @throws ErrnoException ENODEV if {@code device} has no IOMMU; ENOMEM
   */
  public IommuDomain.Paging allocForDriver(Device device) throws ErrnoException {
    return design.pageSizes().allocatesForGroups() ? allocGeneric(device) : allocPaging(device);
  }

  /** Returns whether {@code domain} can be mapped now, or only after its first attach. */
  public boolean isMappable(IommuDomain.Paging domain) {
    return mappable(domain) != 0;
  }

  /**
   * Makes a domain for one group: its table is there at once, and nobody else may use it. Kernel:
   * {@code iommu_domain_alloc_for_group()}, as it was proposed in 2015.
   *
   * @throws ErrnoException EOPNOTSUPP unless {@code iommu.pgsize} has such a call; ENOSPC; ENOMEM
   */
  public IommuDomain.Paging allocForGroup(IommuGroup group) throws ErrnoException {
    if (!design.pageSizes().allocatesForGroups()) {
      throw EOPNOTSUPP.because("domains are made for a device, not for a group");
    }
    Device first = group.devices().getFirst();
    IommuDomain.Paging made =
        DeviceIommu.of(first).ops().allocPaging(first, DomainType.UNMANAGED, 0);
    made.finaliseFor(group, first);
    return made;
  }

  /**
   * Has a domain's table be made with some page sizes only.
   *
   * @throws ErrnoException EPERM once the table is made
   */
  public void restrictPageSizes(IommuDomain.Paging domain, long bitmap) throws ErrnoException {
    if (domain.pgsizeBitmap() != 0) {
      throw EPERM.because("the domain's table is made");
    }
    domain.restrictTo(bitmap);
  }

  /**
   * Has a domain's table be made with quirks. Kernel: {@code iommu_set_pgtable_quirks()}.
   *
   * @throws ErrnoException EINVAL if the IOMMU's driver takes none; EPERM once the table is made
   */
  public void setTableQuirks(IommuDomain.Paging domain, ImmutableSet<Quirk> quirks)
      throws ErrnoException {
    domain.setTableQuirks(quirks);
  }

  /**
   * The page sizes to make a domain's table with; drivers ask when they make it.
   *
   * @param instanceBitmap what the instance can do
   */
  public long tableSizes(IommuDomain.Paging domain, long instanceBitmap) {
    return design.pageSizes().forTable(instanceBitmap, bus.instances()) & domain.restriction();
  }

  /**
   * The page sizes that users of {@code domain} are told of, one bit for each.
   *
   * @throws ErrnoException EINVAL while they are not final: unreadable, not zero
   */
  public long pageSizes(IommuDomain.Paging domain) throws ErrnoException {
    return design.split().advertised(design.pageSizes().readable(domain, bus.instances()));
  }

  /** Gives a domain and its tables back. Nothing may be attached to it, or share its bank. */
  public void free(IommuDomain.Paging domain) {
    checkState(!isMaster(domain), "domains share the bank of one that is freed");
    domain.free();
  }

  /**
   * Gives a domain back beside which there may be dynamic ones.
   *
   * @throws ErrnoException EBUSY as long as there are
   */
  public void freeMaster(IommuDomain.Paging domain) throws ErrnoException {
    if (isMaster(domain)) {
      throw EBUSY.because("domains share its context bank");
    }
    domain.free();
  }

  private static boolean isMaster(IommuDomain.Paging domain) {
    return domain instanceof PgtableDomain table && table.dynamicDomains() > 0;
  }

  /**
   * Takes {@code device} out of its default domain and puts it into {@code domain}. Kernel: {@code
   * iommu_attach_device()}.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; EINVAL if it shares its group, or if
   *     domain and device do not fit together; EBUSY if the device is in a third domain; ENOSPC if
   *     the hardware has no room
   */
  public void attach(IommuDomain domain, Device device) throws ErrnoException {
    IommuGroup group = DeviceIommu.requireGroup(device);
    try (var _ = group.hold()) {
      group.attach(domain, device);
    }
  }

  /** Puts {@code device} back into its default domain. Kernel: {@code iommu_detach_device()}. */
  public void detach(IommuDomain domain, Device device) {
    IommuGroup group = groupOf(device);
    if (group == null) {
      return;
    }
    try (var _ = group.hold()) {
      boolean returns = design.driverDomain().endUseForDma(design.dma(), group, device, domain);
      group.detach(domain, device);
      if (returns) {
        defaultDomains.setUpDma(group, device);
      }
    }
  }

  /**
   * Says that {@code member} is a part of the same logical device as {@code leader}, so that it
   * joins that one's group and its default domain: what a driver of several devices knows and the
   * IOMMU's driver cannot. Kernel: nothing; asked for in 2018, for Exynos.
   *
   * @throws ErrnoException EOPNOTSUPP if the switch {@code iommu.groups} does not leave it to
   *     drivers; ENODEV if one has no IOMMU; EBUSY if either is in another domain than its default
   *     one; what joining gives
   */
  public void tellTogether(Device leader, Device member) throws ErrnoException {
    IommuGroup wanted = DeviceIommu.requireGroup(leader);
    IommuGroup now = DeviceIommu.requireGroup(member);
    if (now.equals(wanted)) {
      return;
    }
    if (!wanted.isInCoreDomain() || !now.isInCoreDomain()) {
      throw EBUSY.because("a driver has attached group %d or %d already", wanted.id(), now.id());
    }
    design.groups().tell(leader, member);
    probe.regroup(member);
  }

  /**
   * Has the IOMMU of {@code device} walk the table of {@code domain} from now on, whatever domain
   * the device was in; {@link #detach} ends it. Kernel: {@code iommu_replace_group_handle()} comes
   * closest.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; EINVAL if it shares its group, or if
   *     domain and device do not fit together; EOPNOTSUPP if its IOMMU's driver has no such switch
   */
  public void load(IommuDomain.Paging domain, Device device) throws ErrnoException {
    IommuGroup group = DeviceIommu.requireGroup(device);
    try (var _ = group.hold()) {
      group.load(domain, device);
    }
  }

  /**
   * Puts all devices of {@code group} into {@code domain}: what a claimant does, and a driver of
   * several devices that are one group. Kernel: {@code iommu_attach_group()}.
   *
   * @throws ErrnoException EINVAL if domain and devices do not fit together; EBUSY if the group is
   *     in a third domain; ENOSPC if the hardware has no room. Nothing has moved then
   */
  public void attachGroup(IommuDomain domain, IommuGroup group) throws ErrnoException {
    try (var _ = group.hold()) {
      group.attachGroup(domain);
    }
  }

  /** Ends {@link #attachGroup}. Kernel: {@code iommu_detach_group()}. */
  public void detachGroup(IommuGroup group) {
    try (var _ = group.hold()) {
      group.detachGroup();
    }
  }

  /**
   * Has the DMA API of {@code device} map into a domain that its driver made and attached.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; EOPNOTSUPP unless {@code
   *     dma.driver-domain} has such a call; EEXIST if the domain has a user already
   */
  public void useForDma(IommuDomain.Paging domain, Device device) throws ErrnoException {
    IommuGroup group = DeviceIommu.requireGroup(device);
    try (var _ = group.hold()) {
      design.driverDomain().useForDma(design.dma(), group, device, domain);
    }
  }

  /**
   * Makes a driver's own domain one whose addresses in a window the DMA API hands out, wherever the
   * lookup of {@code dma.iommu-lookup} finds it. {@link #dropDmaCookie} ends it. Kernel: {@code
   * iommu_get_dma_cookie()}, {@code iommu_dma_init_domain()}.
   *
   * @throws ErrnoException EEXIST if the domain has a user already; EINVAL in a kernel without the
   *     DMA API over IOMMUs
   */
  public void makeDmaCookie(IommuDomain.Paging domain, long startIova, long sizeBytes)
      throws ErrnoException {
    design.dma().adopt(domain, startIova, sizeBytes);
  }

  /** Ends {@link #makeDmaCookie}; nothing is mapped any more. */
  public void dropDmaCookie(IommuDomain.Paging domain) {
    design.dma().release(domain);
  }

  // ---- ownership

  /**
   * Takes a group away from kernel drivers, for a process's driver say: it is blocked until {@code
   * owner} attaches something. Kernel: {@code iommu_group_claim_dma_owner()}.
   *
   * @throws ErrnoException EPERM if a driver is bound or another has claimed it; EBUSY if it is not
   *     in its default domain
   */
  public void claimGroup(IommuGroup group, Object owner) throws ErrnoException {
    try (var _ = group.hold()) {
      group.claim(owner);
    }
  }

  /**
   * Claims a device's group, which one owner may do more than once. Kernel: {@code
   * iommu_device_claim_dma_owner()}.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; EPERM; EBUSY
   */
  public void claimDevice(Device device, Object owner) throws ErrnoException {
    IommuGroup group = DeviceIommu.requireGroup(device);
    try (var _ = group.hold()) {
      group.claimAgain(owner);
    }
  }

  /**
   * Ends all claims of a group, which is back in its default domain with that. Kernel: {@code
   * iommu_group_release_dma_owner()}.
   */
  public void releaseGroup(IommuGroup group) {
    try (var _ = group.hold()) {
      group.release();
    }
  }

  /**
   * Ends one claim of a device's group; with the last it is back in its default domain. Kernel:
   * {@code iommu_device_release_dma_owner()}.
   */
  public void releaseDevice(Device device) {
    IommuGroup group = groupOf(device);
    if (group != null) {
      try (var _ = group.hold()) {
        group.releaseOne();
      }
    }
  }

  // ---- what userspace sees and sets

  /** The iovas of a group that are not free: {@code iommu_groups/N/reserved_regions}. */
  public ImmutableList<ReservedRegion> reservedRegions(IommuGroup group) {
    return reservedRegions.of(group);
  }

  /** The iovas of a device that are not free, in no special order. */
  public ImmutableList<ReservedRegion> reservedRegions(Device device) {
    return reservedRegions.of(device);
  }

  /**
   * Returns whether the device's IOMMU can do {@code cap} for it. Kernel: {@code
   * device_iommu_capable()}.
   */
  public boolean capable(Device device, IommuCap cap) {
    return groupOf(device) != null && DeviceIommu.of(device).ops().capable(device, cap);
  }

  /**
   * Changes the type of a group's default domain: a write to {@code iommu_groups/N/type}. Kernel:
   * {@code iommu_group_store_type()}.
   *
   * @param word {@code identity}, {@code DMA}, {@code DMA-FQ} or {@code auto}
   * @throws ErrnoException EINVAL for another word, if the group has no default domain, or if a
   *     driver insists on another type; EPERM if a driver is bound, except from {@code DMA} to
   *     {@code DMA-FQ}, and for an empty group
   */
  public void changeDefaultType(IommuGroup group, String word) throws ErrnoException {
    DomainType type =
        switch (word) {
          case "identity" -> DomainType.IDENTITY;
          case "DMA" -> DomainType.DMA;
          case "DMA-FQ" -> DomainType.DMA_FQ;
          case "auto" -> null;
          default -> throw EINVAL.because("'%s' is no domain type", word);
        };
    try (var _ = group.hold()) {
      IommuDomain now = group.defaultDomain();
      if (type == DomainType.DMA_FQ
          && now instanceof IommuDomain.Paging strict
          && now.type() == DomainType.DMA) {
        design.dma().makeLazy(strict); // the domain stays, so drivers need not notice
        return;
      }
      if (!group.isUnused() || group.devices().isEmpty()) {
        throw EPERM.because("group %d is in use, or nobody is in it", group.id());
      }
      defaultDomains.change(group, type);
    }
  }

  // ---- mappings

  /**
   * Maps {@code sizeBytes} bytes of physical memory. All or nothing. Kernel: {@code iommu_map()}.
   *
   * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}
   * @throws ErrnoException EINVAL if an address or the size is not a multiple of the smallest page,
   *     or the IOMMUs have none in common; ENODEV if the domain's IOMMU makes its table with the
   *     first attach, and that was not yet; EEXIST if something is mapped there; ERANGE; ENOMEM
   */
  public void map(IommuDomain.Paging domain, long iova, long pa, long sizeBytes, int prot)
      throws ErrnoException {
    mapper.map(domain, iova, pa, sizeBytes, prot);
  }

  /**
   * Unmaps, and returns when no device can reach the memory any more. The range must not split what
   * one {@link #map} mapped. Kernel: {@code iommu_unmap()}.
   *
   * @return the bytes unmapped: less than asked for if there was a hole, 0 if misaligned
   */
  public long unmap(IommuDomain.Paging domain, long iova, long sizeBytes) {
    return mapper.unmap(domain, iova, sizeBytes);
  }

  /**
   * The physical address behind {@code iova}; 0 if nothing is mapped there. Kernel: {@code
   * iommu_iova_to_phys()}.
   */
  public long iovaToPhys(IommuDomain domain, long iova) {
    return switch (domain) {
      case IommuDomain.Fixed.IDENTITY -> iova;
      case IommuDomain.Fixed.BLOCKED -> 0;
      case IommuDomain.Paging paging -> paging.iovaToPhys(iova);
      case IommuDomain.Sva _ -> 0; // the process's table is asked instead
    };
  }

  /** Invalidates whatever TLBs hold of {@code domain}. Kernel: {@code iommu_flush_iotlb_all()}. */
  public void flushIotlbAll(IommuDomain.Paging domain) {
    domain.flushIotlbAll();
  }

  /**
   * Has the hardware walk the table of {@code domain} again, if its device has switched to another
   * by itself: for a driver that has stopped the device, before the other table's memory goes. No
   * base that the device wrote stays in the context bank then. Kernel: none has such a call; a
   * device that switches by itself has its driver's own mappings in the upper half there.
   */
  public void takeBack(IommuDomain.Paging domain) {
    if (domain instanceof PgtableDomain master) {
      master.takeBack();
    }
  }

  /**
   * Maps a list of physical runs at consecutive iovas; neighbours in memory are mapped as one. All
   * or nothing. Kernel: {@code iommu_map_sg()}.
   *
   * @return the bytes mapped
   * @throws ErrnoException as {@link #map}
   */
  public long mapSg(IommuDomain.Paging domain, long iova, ScatterList list, int prot)
      throws ErrnoException {
    return mapper.mapSg(domain, iova, list, prot);
  }

  /**
   * Unmaps and leaves invalidation to the caller, who collects in {@code gather}. Kernel: {@code
   * iommu_unmap_fast()}.
   */
  public long unmapFast(IommuDomain.Paging domain, long iova, long sizeBytes, IotlbGather gather) {
    return mapper.unmapInto(domain, iova, sizeBytes, gather);
  }

  /** How often drivers of IOMMUs were called to map or unmap since power on, for any domain. */
  public long driverCalls() {
    return mapper.driverCalls();
  }

  private long mappable(IommuDomain.Paging domain) {
    return design.pageSizes().mappable(domain, bus.instances());
  }

  /**
   * Reports the leaves of a range that devices have written since they were last clean. Kernel:
   * {@code read_and_clear_dirty()}, and the invalidation that its caller owes.
   *
   * @param clear whether they count as clean from now on
   * @throws ErrnoException EOPNOTSUPP if the domain does not remember; EINVAL if the range is
   *     empty, has a hole or lies outside
   */
  public void readAndClearDirty(
      IommuDomain.Paging domain, long iova, long sizeBytes, boolean clear, DirtyPages found)
      throws ErrnoException {
    mapper.readAndClearDirty(domain, iova, sizeBytes, clear, found);
  }

  // ---- faults

  /**
   * Has {@code handler} handle the faults of a domain that the caller made. Kernel: {@code
   * iommu_set_fault_handler()}.
   */
  public void setFaultHandler(IommuDomain.Paging domain, IommuFaultHandler handler) {
    try {
      domain.setCookie(handler);
    } catch (ErrnoException e) {
      dmesg.warn("WARNING: iommu: fault handler ignored: %s", e.getMessage());
    }
  }

  /**
   * Tells the domain's owner of a fault; called by the IOMMU's driver, from its interrupt handler.
   * Kernel: {@code report_iommu_fault()}.
   *
   * @param device whose transaction it was; null if unknown
   * @param flags {@link IommuFaultHandler#READ} or {@link IommuFaultHandler#WRITE}
   */
  public FaultResponse reportFault(
      IommuDomain.Paging domain, @Nullable Device device, long iova, int flags) {
    IommuFaultHandler handler = handlerFor(domain, device);
    FaultResponse response =
        handler == null ? FaultResponse.UNHANDLED : handler.handle(domain, device, iova, flags);
    trace.faulted(device, iova, flags);
    return response;
  }

  /**
   * The domain's handler, or else the device's: a domain of the DMA API has no room for one, so a
   * driver hangs its own on its device, under that class. Linux had such a call for recoverable
   * faults, {@code iommu_register_device_fault_handler()}, until 2024.
   */
  private static @Nullable IommuFaultHandler handlerFor(
      IommuDomain.Paging domain, @Nullable Device device) {
    IommuFaultHandler own = domain.cookie(IommuFaultHandler.class);
    return own != null || device == null ? own : device.find(IommuFaultHandler.class);
  }
}
