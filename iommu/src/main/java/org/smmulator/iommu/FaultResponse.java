package org.smmulator.iommu;

/**
 * The answer of a domain's owner to a fault: the values that an {@code iommu_fault_handler_t}
 * returns.
 */
public enum FaultResponse {
  /** 0: the owner has dealt with it; the transaction is terminated. */
  HANDLED,
  /** {@code -ENOSYS}: the owner does not handle it; the IOMMU's driver prints it. */
  UNHANDLED,
  /** {@code -EAGAIN}: the cause is gone; a stalled transaction is tried again. */
  RETRY
}
