package org.smmulator.iommu.pgtable;

/** Is shown the leaves of a table. */
public interface LeafVisitor {
  /**
   * A leaf, which is one entry or as many as hardware takes together for one.
   *
   * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}, as far as entries keep them
   */
  void leaf(long iova, long sizeBytes, long pa, int prot);
}
