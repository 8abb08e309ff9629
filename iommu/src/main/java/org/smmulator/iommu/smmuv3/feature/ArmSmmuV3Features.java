package org.smmulator.iommu.smmuv3.feature;

import com.google.common.collect.ImmutableSet;

/**
 * The features and sizes that the ID registers of one SMMU report. Kernel: {@code features} and the
 * sizes in {@code struct arm_smmu_device}.
 *
 * @param sidBits width of a stream id
 * @param ssidBits width of a substream id; 0 without substreams
 * @param oas bits of an output address
 * @param pgsizeBitmap the leaf sizes of all granules
 * @param cmdqLog2 log2 of the entries of the command queue
 * @param evtqLog2 log2 of the entries of the event queue
 * @param priqLog2 log2 of the entries of the PRI queue
 */
public record ArmSmmuV3Features(
    ImmutableSet<ArmSmmuV3Feature> features,
    int sidBits,
    int ssidBits,
    int asidBits,
    int vmidBits,
    int oas,
    long pgsizeBitmap,
    int cmdqLog2,
    int evtqLog2,
    int priqLog2) {
  /** The bits of a stream id that index the second level of a stream table. */
  public static final int STRTAB_SPLIT = 8;

  public boolean has(ArmSmmuV3Feature feature) {
    return features.contains(feature);
  }

  /** The features as the bits that the boot log prints. */
  long mask() {
    return features.stream()
        .mapToLong(ArmSmmuV3Feature::mask)
        .reduce(0, (one, other) -> one | other);
  }
}
