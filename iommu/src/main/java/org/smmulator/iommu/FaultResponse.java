package org.smmulator.iommu;

/**
 * What a domain's owner wants done about a fault: the meaning of what an {@code
 * iommu_fault_handler_t} returns.
 */
public enum FaultResponse {
  /** 0: the owner has dealt with it; the transaction is terminated. */
  HANDLED,
  /** {@code -ENOSYS}: nobody cares; the IOMMU's driver does what it does by default, it prints. */
  UNHANDLED,
  /** {@code -EAGAIN}: the cause is gone; a stalled transaction is tried again. */
  RETRY
}
