package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.PageRequest;
import org.smmulator.kernel.device.Device;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Pri;

/**
 * What the driver does about devices' page requests. Runs in a kernel thread.
 *
 * <p>The kernel's driver refuses all of them. Here those of a master that firmware allows to ask
 * are dealt with as stalls are, as the SVA series of 2020 proposed.
 */
final class ArmSmmuV3Priq {
  private static final int WORDS = 2;

  private final ArmSmmuV3Device smmu;
  private final ArmSmmuV3Queue queue;
  private final Device device;
  private final ArmSmmuV3Iopf faults;
  private final long[] record = new long[WORDS];

  ArmSmmuV3Priq(ArmSmmuV3Device smmu, ArmSmmuV3Queue queue) {
    this.smmu = smmu;
    this.queue = queue;
    this.device = smmu.device();
    this.faults = smmu.shared().faults();
  }

  /**
   * Empties the PRI queue. Kernel: {@code arm_smmu_priq_thread()}.
   *
   * <p>After a loss, groups that are not complete once the queue is empty never will be: the
   * hardware has answered those whose last request it lost.
   */
  void drain() {
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
      faults.discardPartial();
    }
    queue.acknowledgeOverflow();
  }

  /** Kernel: {@code arm_smmu_handle_ppr()}. */
  private void handle(long word0, long word1) {
    try (var _ = smmu.owners().hold()) {
      ArmSmmuV3Master master = smmu.owners().find(Pri.SID.getInt(word0));
      if (master != null && master.pri()) {
        var _ = faults.report(master.device(), request(word0, word1));
        return;
      }
    }
    refuse(word0, word1);
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

  private void refuse(long word0, long word1) {
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
      smmu.commands()
          .issue(
              ArmSmmuV3CmdqEnt.answerPri(sid, Pri.SSID_V.isSet(word0), ssid),
              ArmSmmuV3CmdqEnt.priGroup(group, Cmd.PRI_RESP_DENY));
    }
  }
}
