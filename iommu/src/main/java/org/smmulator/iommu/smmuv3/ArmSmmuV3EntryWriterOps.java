package org.smmulator.iommu.smmuv3;

/**
 * Which bits of an entry mean something to the hardware: for each kind of entry, what its manual
 * says is IGNORED. Kernel: {@code struct arm_smmu_entry_writer_ops}.
 */
interface ArmSmmuV3EntryWriterOps {
  /** The bits that the hardware looks at while {@code entry} is what it reads. */
  ArmSmmuV3Entry used(ArmSmmuV3Entry entry);

  /** Bits that may change at any step while {@code current} becomes {@code target}. */
  ArmSmmuV3Entry safe(ArmSmmuV3Entry current, ArmSmmuV3Entry target);
}
