package org.smmulator.iommu.smmuv3;

import org.smmulator.kernel.lock.Mutex;

/**
 * What all SMMUs of a machine have in common.
 *
 * @param asids one space for all. Kernel: {@code arm_smmu_asid_xa}
 * @param attachLock held while entries and invalidation arrays change together. Kernel: {@code
 *     arm_smmu_asid_lock}
 */
record ArmSmmuV3Globals(
    ArmSmmuV3SvaCpu cpu, ArmSmmuV3Ida asids, Mutex attachLock, ArmSmmuV3Iopf faults) {}
