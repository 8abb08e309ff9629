package org.smmulator.iommu.iopf;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.kernel.device.Device;

/**
 * The page requests of one device that are not answered yet. Kernel: {@code struct
 * iommu_fault_param}.
 */
final class DeviceFaults {
  private final Device device;
  private final IopfQueue queue;

  /** Requests of groups whose last has not come yet. */
  private final List<PageRequest> partial = new ArrayList<>();

  /** Groups that were not answered yet. */
  private final List<FaultGroup> pending = new ArrayList<>();

  DeviceFaults(Device device, IopfQueue queue) {
    this.device = device;
    this.queue = queue;
  }

  Device device() {
    return device;
  }

  IopfQueue queue() {
    return queue;
  }

  void keep(PageRequest request) {
    partial.add(request);
  }

  /** The group that {@code last} completes, which waits for an answer from now on. */
  FaultGroup complete(PageRequest last, IommuDomain domain) {
    ImmutableList.Builder<PageRequest> requests = ImmutableList.builder();
    for (PageRequest request : partial) {
      if (request.group() == last.group()) {
        requests.add(request);
      }
    }
    partial.removeIf(request -> request.group() == last.group());
    FaultGroup group = new FaultGroup(this, domain, requests.add(last).build());
    pending.add(group);
    return group;
  }

  void discardPartial() {
    partial.clear();
  }

  /** Takes {@code group} off the list of those to answer; false if it is not there any more. */
  boolean forget(FaultGroup group) {
    return pending.remove(group);
  }

  /**
   * Answers INVALID to all that waits for an answer, the last that came first: the kernel's list
   * grows at its head.
   */
  void refuseAll() {
    partial.clear();
    for (FaultGroup group : List.copyOf(pending).reversed()) {
      group.respond(PageResponse.INVALID);
    }
  }
}
