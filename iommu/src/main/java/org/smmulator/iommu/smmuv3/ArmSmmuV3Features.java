package org.smmulator.iommu.smmuv3;

import com.google.common.collect.ImmutableSet;

/**
 * What one SMMU can do, out of its ID registers. Kernel: the features and sizes of {@code struct
 * arm_smmu_device}.
 *
 * @param sidBits how wide a stream id is
 * @param ssidBits how wide a substream id is; 0 if there are none
 * @param ias bits of an address that comes in, at least; see {@code ArmSmmuV3HwProbe}
 * @param oas bits of a physical address
 * @param pgsizeBitmap every size of leaf that some granule has
 * @param commandsLog2 how many commands the driver's queue is to hold, as a logarithm
 * @param eventsLog2 the same of events
 * @param pageRequestsLog2 the same of page requests
 */
record ArmSmmuV3Features(
    ImmutableSet<ArmSmmuV3Feature> features,
    int sidBits,
    int ssidBits,
    int asidBits,
    int vmidBits,
    int ias,
    int oas,
    long pgsizeBitmap,
    int commandsLog2,
    int eventsLog2,
    int pageRequestsLog2) {
  boolean has(ArmSmmuV3Feature feature) {
    return features.contains(feature);
  }

  /** As the boot log prints them. */
  long mask() {
    return features.stream()
        .mapToLong(ArmSmmuV3Feature::mask)
        .reduce(0, (one, other) -> one | other);
  }

  /** What entries of a master have to say because of this SMMU. */
  ArmSmmuV3StreamAttrs traits(boolean stalls) {
    return new ArmSmmuV3StreamAttrs(
        has(ArmSmmuV3Feature.STALLS),
        stalls,
        has(ArmSmmuV3Feature.STALL_FORCE),
        has(ArmSmmuV3Feature.ATTRIBUTE_OVERRIDE));
  }
}
