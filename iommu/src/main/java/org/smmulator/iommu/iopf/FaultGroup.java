package org.smmulator.iommu.iopf;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.kernel.device.Device;

/** Page requests that are answered together, once. Kernel: {@code struct iopf_group}. */
public final class FaultGroup {
  private final DeviceFaults faults;
  private final IommuDomain domain;
  private final ImmutableList<PageRequest> requests;

  FaultGroup(DeviceFaults faults, IommuDomain domain, ImmutableList<PageRequest> requests) {
    this.faults = faults;
    this.domain = domain;
    this.requests = requests;
  }

  /** The device that asked. */
  public Device device() {
    return faults.device();
  }

  /** The domain that the addresses belong to. */
  public IommuDomain domain() {
    return domain;
  }

  /** The requests, in the order in which they came. */
  public ImmutableList<PageRequest> requests() {
    return requests;
  }

  /** Has the queue's thread run {@code work}, after what it has been given before. */
  public void later(Runnable work) {
    faults.queue().run(work);
  }

  /**
   * Tells the device. No effect if it has been told: the first answer counts, and a device that
   * left its queue got one then. Kernel: {@code iopf_group_response()}.
   */
  public void respond(PageResponse response) {
    if (faults.forget(this)) {
      faults.queue().iommu().pasids().answer(device(), requests.getLast(), response);
    }
  }
}
