package org.smmulator.iommu.sva;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.mm.AddressSpace;

/** A process's table that devices share: its PASID, and where it is. */
final class SharedMm {
  /** A domain, and by how many groups it is used. */
  static final class DomainUse {
    private final IommuDomain.Sva domain;
    int users = 1;

    DomainUse(IommuDomain.Sva domain) {
      this.domain = domain;
    }

    IommuDomain.Sva domain() {
      return domain;
    }
  }

  private final AddressSpace mm;
  private final int pasid;
  final List<DomainUse> domains = new ArrayList<>();
  final List<SvaHandle> handles = new ArrayList<>();

  SharedMm(AddressSpace mm, int pasid) {
    this.mm = mm;
    this.pasid = pasid;
  }

  AddressSpace mm() {
    return mm;
  }

  int pasid() {
    return pasid;
  }

  @Nullable SvaHandle handleFor(IommuGroup group) {
    for (SvaHandle handle : handles) {
      if (handle.group().equals(group)) {
        return handle;
      }
    }
    return null;
  }
}
