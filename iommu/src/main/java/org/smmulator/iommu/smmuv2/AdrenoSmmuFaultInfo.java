package org.smmulator.iommu.smmuv2;

/**
 * The fault registers of a GPU's context bank. Kernel: {@code struct adreno_smmu_fault_info}.
 *
 * @param far the iova that faulted
 * @param ttbr0 the register, ASID included: which pagetable the GPU was in
 * @param contextIdr what the GPU wrote there with the table
 */
public record AdrenoSmmuFaultInfo(
    long far, long ttbr0, int contextIdr, int fsr, int fsynr0, int fsynr1, int cbfrsynra) {}
