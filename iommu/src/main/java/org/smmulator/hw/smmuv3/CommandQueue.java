package org.smmulator.hw.smmuv3;

import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuCommand;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * The command queue: commands are executed in order, each some time after the one before it. Arm
 * IHI 0070, 4.1 and 7.1.
 *
 * <p>So between a store to PROD and CONS catching up the entries that are to be invalidated still
 * hit. A CMD_SYNC waits for the completion of earlier CMD_ATC_INVs. A command that fails stops the
 * queue until software has acknowledged the error.
 */
final class CommandQueue {
  private final Dram dram;
  private final Timebase timebase;
  private final long commandNs;
  private final int maxLog2;
  private final ErrorRegister errors;
  private final Commands commands;
  private final Runnable step = this::step;

  private boolean enabled;
  private boolean scheduled;
  private long base;
  private int log2;
  private int prod;
  private int cons;

  CommandQueue(
      SmmuV3Config config, Dram dram, Timebase timebase, ErrorRegister errors, Commands commands) {
    this.dram = dram;
    this.timebase = timebase;
    this.commandNs = config.costs().commandNs();
    this.maxLog2 = config.queues().commandsLog2();
    this.errors = errors;
    this.commands = commands;
  }

  /** Turns the queue on or off; where it is, is taken over when it is turned on. */
  void enable(boolean now, long qBase) {
    if (now && !enabled) {
      base = qBase & Queue.BASE_ADDR.mask();
      log2 = Math.min(Queue.BASE_LOG2SIZE.getInt(qBase), maxLog2);
    }
    enabled = now;
    goOn();
  }

  int prod() {
    return prod;
  }

  int cons() {
    return cons;
  }

  /** A store to PROD: software has written what is before it. */
  void setProd(int value) {
    prod = value & Queue.counter(maxLog2);
    goOn();
  }

  /** A store to CONS, which is the hardware's own while the queue is on. */
  void setCons(int value) {
    if (!enabled) {
      cons = value & (Queue.counter(maxLog2) | SmmuV3Regs.CMDQ_CONS_ERR.mask());
    }
  }

  /** Takes the next command in a while, if there is one and nothing is in the way. */
  void goOn() {
    if (!scheduled && isReady()) {
      scheduled = true;
      timebase.after(commandNs, step);
    }
  }

  private boolean isReady() {
    return enabled
        && !Queue.isEmpty(prod, cons, log2)
        && !errors.isActive(SmmuV3Regs.GERROR_CMDQ_ERR.mask());
  }

  private void step() {
    scheduled = false;
    if (!isReady()) {
      return;
    }
    int error = take(base + (long) Queue.index(cons, log2) * Queue.CMD_BYTES);
    if (error == Commands.WAIT) {
      return; // a device that answers calls goOn()
    }
    if (error == SmmuV3Regs.CERROR_NONE) {
      cons = Queue.next(cons, log2);
      goOn();
    } else {
      cons = SmmuV3Regs.CMDQ_CONS_ERR.with(cons, error);
      errors.raise(SmmuV3Regs.GERROR_CMDQ_ERR.mask());
    }
  }

  private int take(long at) {
    return dram.covers(at, Queue.CMD_BYTES)
        ? commands.execute(SmmuCommand.decode(dram.getLong(at), dram.getLong(at + 8)))
        : SmmuV3Regs.CERROR_ABT;
  }
}
