package org.smmulator.iommu.smmuv3.table;

import com.google.common.collect.ImmutableSet;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;

/**
 * The properties of a master that all of its entries depend on. Kernel: {@code stall_enabled} of
 * {@code struct arm_smmu_master} and the {@code features} of its SMMU.
 */
public record ArmSmmuV3StreamAttrs(ImmutableSet<ArmSmmuV3Feature> features, boolean stallEnabled) {
  boolean has(ArmSmmuV3Feature feature) {
    return features.contains(feature);
  }
}
