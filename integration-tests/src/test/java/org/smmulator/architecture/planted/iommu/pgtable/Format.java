package org.smmulator.architecture.planted.iommu.pgtable;

/** A format that a DRM driver must not see. */
public final class Format {}
