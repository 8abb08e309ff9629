package org.smmulator.iommu.smmuv2;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.kernel.device.Device;

/**
 * A device that masters through an SMMU. Kernel: {@code struct arm_smmu_master_cfg}.
 *
 * @param ids the stream ids and masks of its fwspec
 * @param entries for each id, its entry in the stream map
 */
record ArmSmmuMasterCfg(ArmSmmuDevice smmu, ImmutableIntArray ids, ImmutableIntArray entries) {
  /** The state of a device that the driver has taken. */
  static ArmSmmuMasterCfg of(Device device) {
    ArmSmmuMasterCfg master = device.find(ArmSmmuMasterCfg.class);
    checkState(master != null, "%s is not behind an SMMU", device.name());
    return master;
  }
}
