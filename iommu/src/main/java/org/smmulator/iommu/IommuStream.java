package org.smmulator.iommu;

/**
 * One way in which a device masters through an IOMMU.
 *
 * @param iommu the instance that the transactions go through
 * @param id what they carry there, in the encoding of the instance's driver
 */
public record IommuStream(IommuDevice iommu, int id) {}
