package org.smmulator.iommu.iopf;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * Deals with the page requests of a domain. Kernel: {@code iopf_handler} of {@code struct
 * iommu_domain}.
 */
public interface PageFaultHandler {
  /**
   * Takes a group of requests, to {@link FaultGroup#respond} to it now or later. Called by an
   * interrupt's thread; what may take long goes through {@link FaultGroup#later}.
   *
   * @throws ErrnoException if it cannot; the device is told that something failed
   */
  void handle(FaultGroup group) throws ErrnoException;
}
