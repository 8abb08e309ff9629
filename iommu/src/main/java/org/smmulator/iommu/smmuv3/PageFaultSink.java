package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.PageRequest;
import org.smmulator.kernel.device.Device;

/** Whoever deals with what devices ask for. */
interface PageFaultSink {
  /**
   * Takes a request; whoever does sees to it that its group is answered. May block.
   *
   * @return false if nobody can do anything about it, so that it is to be said in the log
   */
  boolean report(Device device, PageRequest request);
}
