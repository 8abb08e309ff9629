package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.Dmesg;

/**
 * Which domain a group is in when no driver says otherwise. Kernel: {@code
 * iommu_setup_default_domain()} and what it calls.
 */
final class DefaultDomains {
  private final IommuPolicy policy;
  private final Dmesg dmesg;

  DefaultDomains(IommuPolicy policy, Dmesg dmesg) {
    this.policy = policy;
    this.dmesg = dmesg;
  }

  /**
   * Gives {@code group} its default domain and moves its members there. The caller holds the
   * group's lock.
   *
   * @throws ErrnoException what kept the domain from being made. That a member cannot be attached
   *     to it is only said in the log: there is nowhere else to put it
   */
  void setUp(IommuGroup group) throws ErrnoException {
    IommuDomain chosen = make(group, typeFor(group));
    try {
      group.setDefaultDomain(chosen);
    } catch (ErrnoException e) {
      dmesg.warn("WARNING: iommu group %d: default domain: %s", group.id(), e.getMessage());
    }
  }

  private static IommuDomain make(IommuGroup group, DomainType type) throws ErrnoException {
    if (type == DomainType.IDENTITY) {
      return IommuDomain.Fixed.IDENTITY;
    }
    Device first = group.devices().getFirst();
    return DeviceIommu.of(first).ops().allocPaging(first, type, 0);
  }

  /** Kernel: {@code iommu_get_default_domain_type()}. */
  private DomainType typeFor(IommuGroup group) throws ErrnoException {
    DomainType wanted = driversChoice(group);
    if (!policy.dmaLayer()) {
      if (wanted != null && wanted.isDma()) {
        throw EINVAL.because("group %d wants the DMA API, which this kernel lacks", group.id());
      }
      return DomainType.IDENTITY;
    }
    return wanted == null ? policy.defaultType() : wanted;
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
