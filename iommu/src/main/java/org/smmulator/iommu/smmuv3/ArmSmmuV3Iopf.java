package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.PageRequest;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** Whoever deals with what devices ask for: {@code io-pgfault.c} on the far side. */
public interface ArmSmmuV3Iopf {
  /**
   * Lets {@code device} ask. Kernel: {@code iopf_queue_add_device()}.
   *
   * @throws ErrnoException ENODEV if it could not be answered; EBUSY if it may ask already
   */
  void join(Device device) throws ErrnoException;

  /** Ends that; what it waits for is refused. Kernel: {@code iopf_queue_remove_device()}. */
  void leave(Device device);

  /**
   * Takes a request; whoever does sees to it that its group is answered. May block. Kernel: {@code
   * iommu_report_device_fault()}.
   *
   * @return false if nobody can do anything about it, so that it is to be said in the log
   */
  boolean report(Device device, PageRequest request);

  /** Hardware lost requests: groups that are not complete will never be. */
  void discardPartial();
}
