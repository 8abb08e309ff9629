package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.Dmesg;

/**
 * Chooses the domain of a group that no driver has moved. Kernel: {@code
 * iommu_setup_default_domain()} and what it calls.
 */
final class DefaultDomains {
  private final IommuPolicy policy;
  private final IommuDesign design;
  private final DmaDomains dmaDomains;
  private final DirectMappings directMappings;
  private final Dmesg dmesg;

  /** The kernel says so once: {@code dev_warn_once()}. */
  private boolean toldOfDirect;

  DefaultDomains(
      IommuPolicy policy, IommuDesign design, DirectMappings directMappings, Dmesg dmesg) {
    this.policy = policy;
    this.design = design;
    this.dmaDomains = new DmaDomains(design.arch(), design.dma(), design.pageSizes());
    this.directMappings = directMappings;
    this.dmesg = dmesg;
  }

  /**
   * Gives {@code group} its default domain and moves its members there. The caller holds the
   * group's lock.
   *
   * @throws ErrnoException what kept the domain from being made or a member from being attached to
   *     it, which the log says too: there is nowhere else to put the members, so the caller must
   *     release them
   */
  void setUp(IommuGroup group) throws ErrnoException {
    setDefault(group, makeFor(group, null));
    for (Device device : group.devices()) {
      setUpDma(group, device);
    }
  }

  /** Kernel: the half of {@code iommu_setup_default_domain()} that follows the allocation. */
  private void setDefault(IommuGroup group, IommuDomain chosen) throws ErrnoException {
    boolean isFirst = group.domain() == null;
    boolean mapped = mapDirect(group, chosen);
    try {
      group.setDefaultDomain(chosen);
    } catch (ErrnoException e) {
      if (isFirst) {
        dmesg.warn(
            "WARNING: drivers/iommu/iommu.c at iommu_setup_default_domain: group %d: %s",
            group.id(), e.getMessage());
      }
      throw e;
    }
    if (!mapped && group.domain() != null) {
      for (Device device : group.devices()) {
        directMappings.create(chosen, device);
      }
    }
  }

  /** Has the DMA API of a member use the group's default domain, if the group is there. */
  void setUpDma(IommuGroup group, Device device) {
    IommuDomain own = group.defaultDomain();
    if (own != null && group.isInCoreDomain() && group.domain() != null) {
      design.dma().setUp(device, own);
    }
  }

  /** The device leaves its group. */
  void tearDownDma(Device device) {
    design.dma().tearDown(device);
  }

  /**
   * Replaces the default domain by one of another type, or changes nothing. Kernel: what a write to
   * {@code iommu_groups/N/type} does.
   *
   * @param type null for what the policy chooses
   * @throws ErrnoException EINVAL if a member's driver insists on another type; ENOMEM
   */
  void change(IommuGroup group, @Nullable DomainType type) throws ErrnoException {
    IommuDomain old = group.defaultDomain();
    IommuDomain chosen = makeFor(group, type);
    if (old == null || same(chosen, old)) {
      return;
    }
    try {
      setDefault(group, chosen);
    } catch (ErrnoException e) {
      group.restoreDefaultDomain(old);
      dmaDomains.release(chosen);
      throw e;
    }
    for (Device device : group.devices()) {
      design.dma().tearDown(device);
      setUpDma(group, device);
    }
    dmaDomains.release(old);
  }

  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  private static boolean same(IommuDomain one, IommuDomain other) {
    return one == other;
  }

  /** The group has no member left. */
  void release(IommuGroup group) {
    IommuDomain own = group.defaultDomain();
    group.dropDomains();
    if (own != null) {
      dmaDomains.release(own);
    }
  }

  private boolean mapDirect(IommuGroup group, IommuDomain domain) {
    boolean all = true;
    for (Device device : group.devices()) {
      all &= mapDirect(device, domain);
    }
    if (!all && !toldOfDirect) {
      toldOfDirect = true;
      DeviceIommu.of(group.devices().getFirst())
          .spec()
          .iommu()
          .hardware()
          .warn("IOMMU driver was not able to establish FW requested direct mapping.");
    }
    return all;
  }

  /** Maps what {@code device} must reach at any time; returns whether it could. */
  boolean mapDirect(Device device, IommuDomain domain) {
    try {
      directMappings.create(domain, device);
      return true;
    } catch (ErrnoException e) {
      return false; // before the first attach the domain may not be ready to map
    }
  }

  /**
   * Makes a domain of the type that somebody asks for, or of the policy's. Only in the latter case
   * a plain one will do if a lazy one cannot be had. Kernel: {@code
   * iommu_group_alloc_default_domain()}, {@code iommu_get_default_domain_type()}.
   *
   * @param asked null for whatever suits the group
   */
  private IommuDomain makeFor(IommuGroup group, @Nullable DomainType asked) throws ErrnoException {
    DomainType insisted = insistedType(group);
    DomainType wanted = asked == null ? insisted : asked;
    if (insisted != null && insisted != wanted) {
      throw EINVAL.because("group %d must be %s", group.id(), insisted.sysfsName());
    }
    if (!policy.dmaLayer()) {
      if (wanted != null && wanted.isDma()) {
        throw EINVAL.because("group %d wants the DMA API, which this kernel lacks", group.id());
      }
      wanted = DomainType.IDENTITY;
    }
    if (wanted != null) {
      return make(group, wanted);
    }
    DomainType usual = policy.defaultType();
    try {
      return make(group, usual);
    } catch (ErrnoException e) {
      if (usual == DomainType.DMA) {
        throw EINVAL.because("no default domain for group %d: %s", group.id(), e.getMessage());
      }
      IommuDomain plain = make(group, DomainType.DMA);
      dmesg.warn(
          "iommu: Failed to allocate default IOMMU domain of type %d for group (null) - Falling"
              + " back to IOMMU_DOMAIN_DMA",
          usual.number());
      return plain;
    }
  }

  /** A group that has a default domain of that type keeps it. */
  private IommuDomain make(IommuGroup group, DomainType type) throws ErrnoException {
    IommuDomain now = group.defaultDomain();
    if (now != null && now.type() == type) {
      return now;
    }
    return type.isDma() ? dmaDomains.domainFor(group, type) : IommuDomain.Fixed.IDENTITY;
  }

  /**
   * The type that nobody may overrule: untrusted devices are translated, and a driver's choice
   * counts.
   */
  private @Nullable DomainType insistedType(IommuGroup group) throws ErrnoException {
    DomainType wanted = driversChoice(group);
    for (Device device : group.devices()) {
      if (!device.dma().isUntrusted()) {
        continue;
      }
      if (wanted != null && wanted != DomainType.DMA) {
        device.err(
            "Device is not trusted, but driver is overriding group %d to %s, refusing to probe.",
            group.id(), wanted.logName());
        throw EINVAL.because("%s is not trusted", device.name());
      }
      return DomainType.DMA;
    }
    return wanted;
  }

  private @Nullable DomainType driversChoice(IommuGroup group) {
    DomainType wanted = null;
    for (Device device : group.devices()) {
      DomainType opinion = DeviceIommu.of(device).ops().defDomainType(device);
      if (opinion == null || opinion == wanted) {
        continue;
      }
      if (wanted != null) {
        device.err(
            "IOMMU driver error, requesting conflicting def_domain_type, %s and %s, for"
                + " devices in group %d.",
            wanted.logName(), opinion.logName(), group.id());
        if (opinion != DomainType.IDENTITY) {
          continue;
        }
      }
      wanted = opinion;
    }
    return wanted;
  }
}
