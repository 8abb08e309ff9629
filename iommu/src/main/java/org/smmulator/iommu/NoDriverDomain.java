package org.smmulator.iommu;

/** {@code none}: nobody asks who else is in the group. What Linux did in 2018. */
public final class NoDriverDomain implements DriverDomain {
  @Override
  public void bind(IommuGroup group) {}

  @Override
  public void unbind(IommuGroup group) {}
}
