package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.KernelServices;

/** The kernel, the IOMMU core and the page-table formats: every IOMMU driver needs these three. */
public record IommuServices(KernelServices kernel, Iommu iommu, IoPgtables pgtables) {}
