package org.smmulator.iommu.smmuv3;

/**
 * What every entry of one master has to say, whatever the domain.
 *
 * @param canStall whether the SMMU can stall faulting transactions
 * @param stalls whether it is to do that for this master
 * @param forcesStalls whether the SMMU stalls all of them, whatever the entries say
 * @param overridesAttributes whether the SMMU can override the transactions' own attributes, so
 *     that entries have to say that it should not
 */
record ArmSmmuV3StreamAttrs(
    boolean canStall, boolean stalls, boolean forcesStalls, boolean overridesAttributes) {}
