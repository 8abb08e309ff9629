package org.smmulator.iommu;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * How firmware says that a device masters through an IOMMU: the instance, and the ids that its
 * transactions carry there.
 *
 * <p>Kernel: {@code struct iommu_fwspec}.
 */
public final class IommuFwspec {
  private final IommuDevice iommu;
  private final List<Integer> ids = new ArrayList<>();

  /** Makes a spec without ids. */
  public IommuFwspec(IommuDevice iommu) {
    this.iommu = iommu;
  }

  public IommuDevice iommu() {
    return iommu;
  }

  /** The ids in the driver's own encoding, in the order of the property. */
  public ImmutableList<Integer> ids() {
    return ImmutableList.copyOf(ids);
  }

  /** Kernel: {@code iommu_fwspec_add_ids()}. */
  public void addId(int id) {
    ids.add(id);
  }
}
