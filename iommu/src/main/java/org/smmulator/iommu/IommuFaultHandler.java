package org.smmulator.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;

/** Handles DMA that a domain refused. Kernel: {@code iommu_fault_handler_t}. */
@FunctionalInterface
public interface IommuFaultHandler {
  /** The transaction read. Kernel: {@code IOMMU_FAULT_READ}. */
  int READ = 0;

  /** The transaction wrote. Kernel: {@code IOMMU_FAULT_WRITE}. */
  int WRITE = 1;

  /**
   * Handles one fault. Called by an interrupt handler: it must not block.
   *
   * @param device who did it; null if the IOMMU's driver does not know, as arm-smmu does not
   * @param flags {@link #READ} or {@link #WRITE}
   */
  FaultResponse handle(IommuDomain.Paging domain, @Nullable Device device, long iova, int flags);
}
