package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaults;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** Has the core deal with what devices ask for: a queue for the SMMU's devices, as in Linux. */
public final class ArmSmmuV3IopfQueue implements ArmSmmuV3Iopf {
  private final IopfQueue queue;
  private final PageFaults faults;

  public ArmSmmuV3IopfQueue(IopfQueue queue, PageFaults faults) {
    this.queue = queue;
    this.faults = faults;
  }

  @Override
  public void join(Device device) throws ErrnoException {
    try {
      queue.addDevice(device);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EBUSY) { // a process's table was bound before: it is in already
        throw e;
      }
    }
  }

  @Override
  public void leave(Device device) {
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
