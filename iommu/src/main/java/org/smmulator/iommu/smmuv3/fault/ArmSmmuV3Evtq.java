package org.smmulator.iommu.smmuv3.fault;

import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Queue;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Streams;
import org.smmulator.kernel.device.Device;
import org.smmulator.regs.smmuv3.Evt;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.RateLimit;

/** The thread of the event queue. Kernel: {@code arm_smmu_evtq_thread()}. */
public final class ArmSmmuV3Evtq {
  private final Device device;
  private final ArmSmmuV3Queue queue;
  private final ArmSmmuV3Streams streams;
  private final ArmSmmuV3Iopf iopf;
  private final RateLimit limit;
  private final long[] record = new long[Evt.WORDS];

  public ArmSmmuV3Evtq(
      Device device,
      ArmSmmuV3Queue queue,
      ArmSmmuV3Streams streams,
      ArmSmmuV3Iopf iopf,
      Dmesg dmesg) {
    this.device = device;
    this.queue = queue;
    this.streams = streams;
    this.iopf = iopf;
    this.limit = dmesg.rateLimit("arm_smmu_dump_event");
  }

  /** Handles or logs every event in the queue. */
  public void drain() {
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
   * Reports a stalled fault to the core; false if the event is not one, or no handler takes it.
   * {@code streams_mutex} keeps the master meanwhile. Kernel: {@code arm_smmu_handle_event()}.
   */
  private boolean handle(ArmSmmuV3Event event) {
    if (!event.isAboutOneStream()) {
      return false;
    }
    try (var _ = streams.lock()) {
      ArmSmmuV3Streams.Owner master = streams.find(event.sid());
      return master != null && event.stall() && iopf.report(master.device(), request(event));
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
    ArmSmmuV3Streams.Owner master = streams.find(event.sid());
    device.err("%s", event.describe(master == null ? "(unassigned sid)" : master.device().name()));
    if (event.isTranslationFault()) {
      device.err("%s", event.describeAccess());
    }
  }
}
