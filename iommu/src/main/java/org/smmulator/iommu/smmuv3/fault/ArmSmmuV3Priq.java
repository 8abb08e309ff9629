package org.smmulator.iommu.smmuv3.fault;

import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Queue;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Streams;
import org.smmulator.kernel.device.Device;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Pri;

/**
 * The thread of the PRI queue. Kernel: {@code arm_smmu_priq_thread()}.
 *
 * <p>The kernel's driver denies all page requests. Here those of a master with {@code
 * ats-supported} are reported to the core as stalls are, as the SVA series of 2020 proposed.
 */
public final class ArmSmmuV3Priq {
  private static final int WORDS = 2;

  private final Device device;
  private final ArmSmmuV3Queue queue;
  private final ArmSmmuV3Cmdq cmdq;
  private final ArmSmmuV3Streams streams;
  private final ArmSmmuV3Iopf iopf;
  private final long[] record = new long[WORDS];

  public ArmSmmuV3Priq(
      Device device,
      ArmSmmuV3Queue queue,
      ArmSmmuV3Cmdq cmdq,
      ArmSmmuV3Streams streams,
      ArmSmmuV3Iopf iopf) {
    this.device = device;
    this.queue = queue;
    this.cmdq = cmdq;
    this.streams = streams;
    this.iopf = iopf;
  }

  /**
   * Reports or denies every page request in the queue.
   *
   * <p>After an overflow, groups that are not complete once the queue is empty never will be: the
   * hardware has responded to those whose last request it lost.
   */
  public void drain() {
    boolean lost = false;
    do {
      while (queue.remove(record)) {
        handle(record[0], record[1]);
      }
      if (queue.readProd()) {
        device.err("PRIQ overflow detected -- requests lost");
        lost = true;
      }
    } while (!queue.isEmpty());
    if (lost) {
      iopf.discardPartial();
    }
    queue.acknowledgeOverflow();
  }

  /** Kernel: {@code arm_smmu_handle_ppr()}. */
  private void handle(long word0, long word1) {
    try (var _ = streams.lock()) {
      ArmSmmuV3Streams.Owner master = streams.find(Pri.SID.getInt(word0));
      if (master != null && master.pri()) {
        var _ = iopf.report(master.device(), request(word0, word1));
        return;
      }
    }
    deny(word0, word1);
  }

  private static PageRequest request(long word0, long word1) {
    int perm =
        (Pri.READ.isSet(word0) ? PageRequest.READ : 0)
            | (Pri.WRITE.isSet(word0) ? PageRequest.WRITE : 0)
            | (Pri.EXEC.isSet(word0) ? PageRequest.EXEC : 0)
            | (Pri.PRIV.isSet(word0) ? PageRequest.PRIVILEGED : 0);
    boolean hasSsid = Pri.SSID_V.isSet(word0);
    int flags =
        (Pri.LAST.isSet(word0) ? PageRequest.LAST_PAGE : 0)
            | (hasSsid ? PageRequest.PASID_VALID | PageRequest.RESPONSE_NEEDS_PASID : 0);
    return new PageRequest(
        flags,
        hasSsid ? Pri.SSID.getInt(word0) : PageRequest.NO_PASID,
        Pri.PRG_IDX.getInt(word1),
        perm,
        word1 & Pri.ADDR.mask());
  }

  private void deny(long word0, long word1) {
    int sid = Pri.SID.getInt(word0);
    int ssid = Pri.SSID_V.isSet(word0) ? Pri.SSID.getInt(word0) : ArmSmmuV3CmdqEnt.NO_PASID;
    int group = Pri.PRG_IDX.getInt(word1);
    boolean last = Pri.LAST.isSet(word0);
    device.info("unexpected PRI request received:");
    device.info(
        "\tsid 0x%08x.0x%05x: [%d%s] %sprivileged %s%s%s access at iova 0x%016x",
        sid,
        ssid,
        group,
        last ? "L" : "",
        Pri.PRIV.isSet(word0) ? "" : "un",
        Pri.READ.isSet(word0) ? "R" : "",
        Pri.WRITE.isSet(word0) ? "W" : "",
        Pri.EXEC.isSet(word0) ? "X" : "",
        word1 & Pri.ADDR.mask());
    if (last) {
      cmdq.issue(
          ArmSmmuV3CmdqEnt.answerPri(sid, Pri.SSID_V.isSet(word0), ssid),
          ArmSmmuV3CmdqEnt.priGroup(group, Cmd.PRI_RESP_DENY));
    }
  }
}
