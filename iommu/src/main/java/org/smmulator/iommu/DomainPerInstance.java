package org.smmulator.iommu;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code per-iommu-instance}: everything behind one IOMMU shares one domain and one allocator. What
 * Deacon's hook of 2014 offered the architecture: "I'd like to have as little of this as possible
 * in the IOMMU drivers". Fewer tables; and each device reaches what any of them mapped.
 */
public final class DomainPerInstance implements DmaDomains {
  private static final class Shared {
    final IommuDevice instance;
    final IommuDomain.Paging domain;
    int groups;

    Shared(IommuDevice instance, IommuDomain.Paging domain) {
      this.instance = instance;
      this.domain = domain;
    }
  }

  private final DmaLayer dma;
  private final List<Shared> all = new ArrayList<>();

  public DomainPerInstance(DmaLayer dma) {
    this.dma = dma;
  }

  @Override
  public IommuDomain domainFor(IommuGroup group, DomainType type) throws ErrnoException {
    IommuDevice instance = DeviceIommu.of(group.devices().getFirst()).spec().iommu();
    for (Shared shared : all) {
      if (shared.instance.equals(instance)) {
        shared.groups++;
        return shared.domain;
      }
    }
    Shared made = new Shared(instance, DomainPerDevice.make(dma, group, type));
    made.groups = 1;
    all.add(made);
    return made.domain;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  public void release(IommuDomain domain) {
    for (Shared shared : all) {
      if (shared.domain == domain && --shared.groups == 0) {
        all.remove(shared);
        DomainPerDevice.free(dma, domain);
        return;
      }
    }
  }
}
