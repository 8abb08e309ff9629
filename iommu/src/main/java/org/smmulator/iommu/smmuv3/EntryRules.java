package org.smmulator.iommu.smmuv3;

/**
 * Which bits of an entry mean something to the hardware: for each kind of entry, what its manual
 * says is IGNORED. Kernel: {@code struct arm_smmu_entry_writer_ops}.
 */
interface EntryRules {
  /** The bits that the hardware looks at while {@code entry} is what it reads. */
  Entry used(Entry entry);

  /** Bits that may change at any step while {@code current} becomes {@code target}. */
  Entry safe(Entry current, Entry target);
}
