package org.smmulator.iommu.smmuv3.queue;

import java.util.ArrayDeque;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** The command queue. Arm IHI 0070, 3.5. Kernel: {@code arm_smmu_cmdq_issue_cmdlist()}. */
// The kernel's queue takes commands from many CPUs without a lock. Here one context runs at a time:
// room is reserved and filled without a scheduling point, and PROD is written with interrupts off,
// so that it never goes back.
//
// Counts are of all commands since reset; the registers hold their lowest bits.
//
// An SMMU that can send messages, and is coherent, says that a CMD_SYNC is done by writing zero
// over
// it. So waiting polls memory and reads no register.
public final class ArmSmmuV3Cmdq {
  private static final int TIMEOUT_US = 1_000_000;
  private static final int FIRST_DELAY_NS = 200;
  private static final int LONGEST_DELAY_NS = 10_000;

  private final Device device;
  private final Mmio registers;
  private final Dram dram;
  private final Scheduler scheduler;
  private final ArmSmmuV3QueueMemory memory;
  private final boolean syncsByMessage;
  private final ArrayDeque<ArmSmmuV3CmdqBatch> spares = new ArrayDeque<>();
  private final Runnable publish = this::writeProd;
  private long produced;
  private long consumed;

  /**
   * Makes the queue.
   *
   * @param syncsByMessage whether completion is a write to memory. Kernel: {@code
   *     ARM_SMMU_OPT_MSIPOLL}
   */
  public ArmSmmuV3Cmdq(
      Device device,
      Mmio registers,
      Dram dram,
      Scheduler scheduler,
      ArmSmmuV3QueueMemory memory,
      boolean syncsByMessage) {
    this.device = device;
    this.registers = registers;
    this.dram = dram;
    this.scheduler = scheduler;
    this.memory = memory;
    this.syncsByMessage = syncsByMessage;
  }

  /** Programs the queue's registers; CMDQEN must be clear. */
  public void program() {
    produced = 0;
    consumed = 0;
    registers.write(SmmuV3Regs.CMDQ_BASE, memory.base(Queue.BASE_RWA.mask()));
    registers.write(SmmuV3Regs.CMDQ_PROD, 0);
    registers.write(SmmuV3Regs.CMDQ_CONS, 0);
  }

  /** An empty batch. */
  public ArmSmmuV3CmdqBatch batch() {
    ArmSmmuV3CmdqBatch spare = spares.pollFirst();
    return spare == null ? new ArmSmmuV3CmdqBatch(this) : spare;
  }

  void giveBack(ArmSmmuV3CmdqBatch batch) {
    spares.addFirst(batch);
  }

  /** Issues one command, and returns when it is done. */
  public void issueWithSync(long first, long second) {
    ArmSmmuV3CmdqBatch batch = batch();
    batch.add(first, second);
    batch.submit();
  }

  /** Issues one command without waiting for it. */
  public void issue(long first, long second) {
    ArmSmmuV3CmdqBatch batch = batch();
    batch.add(first, second);
    issue(batch, false);
    batch.clear();
    giveBack(batch);
  }

  /** Issues the commands of a batch, and with {@code sync} returns when they are done. */
  void issue(ArmSmmuV3CmdqBatch batch, boolean sync) {
    int wanted = batch.count() + (sync ? 1 : 0);
    awaitRoom(wanted);
    for (int i = 0; i < batch.count(); i++) {
      put(batch.first(i), batch.second(i));
    }
    if (sync) {
      putSync();
    }
    long end = produced;
    scheduler.atomically(publish);
    if (sync) {
      awaitDone(end);
    }
  }

  private void put(long first, long second) {
    long pa = memory.entryPa((int) produced);
    dram.putLong(pa, first);
    dram.putLong(pa + Long.BYTES, second);
    produced++;
  }

  /** Kernel: {@code arm_smmu_cmdq_build_sync_cmd()}. */
  private void putSync() {
    if (syncsByMessage) {
      put(ArmSmmuV3CmdqEnt.syncByMessage(), memory.entryPa((int) produced) & Cmd.SYNC_MSIADDR_MASK);
    } else {
      put(ArmSmmuV3CmdqEnt.sync(), 0);
    }
  }

  private void writeProd() {
    registers.write(SmmuV3Regs.CMDQ_PROD, pointer(produced));
  }

  private int pointer(long count) {
    return (int) count & Queue.counter(memory.log2Entries());
  }

  private void awaitRoom(int wanted) {
    long room = 1L << memory.log2Entries();
    // Other contexts may take the room meanwhile.
    while (produced + wanted - consumed > room) {
      if (!poll(produced + wanted - room, false)) {
        device.errRatelimited("arm_smmu_cmdq_issue_cmdlist", "CMDQ timeout");
      }
    }
  }

  private void awaitDone(long end) {
    if (!poll(end, syncsByMessage)) {
      device.errRatelimited(
          "arm_smmu_cmdq_issue_cmdlist",
          "CMD_SYNC timeout at 0x%08x [hwprod 0x%08x, hwcons 0x%08x]",
          pointer(end - 1),
          registers.read(SmmuV3Regs.CMDQ_PROD),
          registers.read(SmmuV3Regs.CMDQ_CONS));
    }
  }

  /**
   * Waits until the hardware has taken {@code count} commands; false if it takes too long.
   *
   * @param byMessage whether the last of them is a CMD_SYNC that is done when it is zero
   */
  private boolean poll(long count, boolean byMessage) {
    int delayNs = FIRST_DELAY_NS;
    for (long waitedNs = 0; waitedNs < TIMEOUT_US * 1000L; waitedNs += delayNs) {
      if (consumed >= count) {
        return true;
      }
      if (byMessage) {
        readMessage(count);
      } else {
        readCons();
      }
      if (consumed >= count) {
        return true;
      }
      scheduler.consume(delayNs);
      scheduler.point();
      delayNs = Math.min(2 * delayNs, LONGEST_DELAY_NS);
    }
    return false;
  }

  /** Kernel: {@code __arm_smmu_cmdq_poll_until_msi()}. */
  private void readMessage(long count) {
    // The entry is reused only after a context has seen the sync done, and updated consumed.
    if (dram.getInt(memory.entryPa((int) (count - 1))) == 0) {
      consumed = count;
    }
  }

  private void readCons() {
    int cons = registers.read(SmmuV3Regs.CMDQ_CONS);
    consumed += pointer(cons - consumed);
  }

  /**
   * Logs the error of the command at CONS; an illegal command becomes a CMD_SYNC. Kernel: {@code
   * arm_smmu_cmdq_skip_err()}. Called from a hard interrupt; a context that waits for a CMD_SYNC
   * keeps waiting.
   */
  public void skipError() {
    int cons = registers.read(SmmuV3Regs.CMDQ_CONS);
    int error = SmmuV3Regs.CMDQ_CONS_ERR.get(cons);
    device.err("CMDQ error (cons 0x%08x): %s", cons, ArmSmmuV3CmdqEnt.errorName(error));
    switch (error) {
      case SmmuV3Regs.CERROR_ABT -> device.err("retrying command fetch");
      case SmmuV3Regs.CERROR_NONE, SmmuV3Regs.CERROR_ATC_INV -> {
        // The command itself is fine: the acknowledgement makes the hardware try again.
      }
      default -> replaceBySync(memory.entryPa(cons));
    }
  }

  private void replaceBySync(long pa) {
    device.err("skipping command in error state:");
    device.err("\t0x%016x", dram.getLong(pa));
    device.err("\t0x%016x", dram.getLong(pa + Long.BYTES));
    dram.putLong(pa, ArmSmmuV3CmdqEnt.sync());
    dram.putLong(pa + Long.BYTES, 0);
  }
}
