package org.smmulator.iommu.smmuv3.fault;

import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaults;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** The handling of page requests and stalls as the driver uses it. Kernel: {@code io-pgfault.c}. */
public interface ArmSmmuV3Iopf {
  /**
   * Lets {@code device} report I/O page faults. Kernel: {@code iopf_queue_add_device()}.
   *
   * @throws ErrnoException ENODEV if the device's IOMMU cannot respond to it
   */
  void addDevice(Device device) throws ErrnoException;

  /**
   * Takes {@code device} out again, after a response to each of its pending faults. Kernel: {@code
   * iopf_queue_remove_device()}.
   */
  void removeDevice(Device device);

  /**
   * Reports one page request, to which a response follows. May block. Kernel: {@code
   * iommu_report_device_fault()}.
   *
   * @return false if no handler takes it, so that the driver logs it
   */
  boolean report(Device device, PageRequest request);

  /**
   * Drops the groups that are not complete, after the hardware has lost requests. Kernel: {@code
   * iopf_queue_discard_partial()}.
   */
  void discardPartial();

  /** The core's handling, with one fault queue for all devices of the SMMU. */
  record Queue(IopfQueue queue, PageFaults faults) implements ArmSmmuV3Iopf {
    /** {@inheritDoc} SVA may have put the device into the queue before. */
    @Override
    public void addDevice(Device device) throws ErrnoException {
      try {
        queue.addDevice(device);
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EBUSY) {
          throw e;
        }
      }
    }

    @Override
    public void removeDevice(Device device) {
      queue.removeDevice(device);
    }

    @Override
    public boolean report(Device device, PageRequest request) {
      return faults.report(device, request);
    }

    @Override
    public void discardPartial() {
      queue.discardPartial();
    }
  }
}
