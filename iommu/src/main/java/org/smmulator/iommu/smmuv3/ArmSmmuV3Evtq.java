package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.PageRequest;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.RateLimit;
import org.smmulator.regs.smmuv3.Evt;

/** What the driver does about what its SMMU reports. Runs in a kernel thread. */
final class ArmSmmuV3Evtq {
  private final ArmSmmuV3Device smmu;
  private final Device device;
  private final ArmSmmuV3Iopf faults;
  private final RateLimit limit;
  private final long[] record = new long[Evt.WORDS];

  ArmSmmuV3Evtq(ArmSmmuV3Device smmu) {
    this.smmu = smmu;
    this.device = smmu.device();
    this.faults = smmu.shared().faults();
    this.limit =
        new RateLimit("arm_smmu_evtq_thread", smmu.services().kernel().scheduler(), device);
  }

  /** Empties the event queue. Kernel: {@code arm_smmu_evtq_thread()}. */
  void drain() {
    ArmSmmuV3Queue queue = smmu.eventQueue();
    do {
      while (queue.remove(record)) {
        ArmSmmuV3Event event = ArmSmmuV3Event.of(record);
        if (!handle(event)) {
          dump(event);
        }
      }
      if (queue.readProd()) {
        device.err("EVTQ overflow detected -- events lost");
      }
    } while (!queue.isEmpty());
    queue.acknowledgeOverflow();
  }

  /**
   * Deals with an event; false if nobody can. Kernel: {@code arm_smmu_handle_event()}.
   *
   * <p>The master cannot go while its event is dealt with.
   */
  private boolean handle(ArmSmmuV3Event event) {
    if (!event.isAboutOneStream()) {
      return false;
    }
    try (var _ = smmu.owners().hold()) {
      ArmSmmuV3Master master = smmu.owners().find(event.sid());
      return master != null && event.stall() && faults.report(master.device(), request(event));
    }
  }

  private static PageRequest request(ArmSmmuV3Event event) {
    int perm =
        (event.read() ? PageRequest.READ : PageRequest.WRITE)
            | (event.instruction() ? PageRequest.EXEC : 0)
            | (event.privileged() ? PageRequest.PRIVILEGED : 0);
    int flags =
        PageRequest.STALLED
            | PageRequest.LAST_PAGE
            | (event.hasSsid() ? PageRequest.PASID_VALID : 0);
    return new PageRequest(flags, event.ssid(), event.stag(), perm, event.iova());
  }

  /** Kernel: {@code arm_smmu_dump_event()}. */
  private void dump(ArmSmmuV3Event event) {
    if (!limit.allows()) {
      return;
    }
    device.err("event 0x%02x received:", event.id());
    device.err("\t0x%016x", event.word0());
    device.err("\t0x%016x", event.word1());
    device.err("\t0x%016x", event.iova());
    device.err("\t0x%016x", event.word3());
    ArmSmmuV3Master master = smmu.owners().find(event.sid());
    device.err("%s", event.describe(master == null ? "(unassigned sid)" : master.device().name()));
    if (event.isTranslationFault()) {
      device.err("%s", event.describeAccess());
    }
  }
}
