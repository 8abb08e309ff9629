package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;

/**
 * The firmware's description of a device that masters through an IOMMU. Kernel: {@code struct
 * iommu_fwspec}.
 *
 * @param streams in the order of the property, at least one. A device may master through several
 *     instances of one driver, as those behind an Exynos sysmmu do
 */
public record IommuFwspec(ImmutableList<IommuStream> streams) {
  public IommuFwspec {
    checkArgument(!streams.isEmpty(), "a device behind no IOMMU");
  }

  /** The first instance: the one that the device's driver knows it by. */
  public IommuDevice iommu() {
    return streams.getFirst().iommu();
  }

  /** The ids that the device's transactions carry, in the order of the property. */
  public ImmutableIntArray ids() {
    return streams.stream()
        .mapToInt(IommuStream::id)
        .collect(
            ImmutableIntArray::builder,
            ImmutableIntArray.Builder::add,
            (one, other) -> one.addAll(other.build()))
        .build();
  }
}
