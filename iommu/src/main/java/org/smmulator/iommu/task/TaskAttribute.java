package org.smmulator.iommu.task;

/** A question that a task's table answers, where the proposal of 2017 has such a call. */
public enum TaskAttribute {
  /** The physical address of the root: what the device puts into TTBR0. */
  PAGETABLE_BASE
}
