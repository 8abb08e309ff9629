package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3SvaCpu;
import org.smmulator.kernel.lock.Mutex;

/**
 * The state that all SMMUs of the driver share.
 *
 * @param cpu how the CPUs walk tables
 * @param asids the one space of ASIDs. Kernel: {@code arm_smmu_asid_xa}
 * @param asidLock held while entries and invalidation arrays change together. Kernel: {@code
 *     arm_smmu_asid_lock}
 * @param iopf handles page requests and stalls
 */
record ArmSmmuV3Globals(
    ArmSmmuV3SvaCpu cpu, ArmSmmuV3Ida asids, Mutex asidLock, ArmSmmuV3Iopf iopf) {}
