package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;

/**
 * The end of the one thing that an engine does at a time, which its interrupt tells. Kernel: {@code
 * struct completion}.
 */
final class Completion {
  private static final long TIMEOUT_NS = 1_000_000_000L;

  private final Scheduler scheduler;
  private final Device device;
  private final Mmio mmio;
  private final Reg32 intStatus;
  private final Runnable reset;
  private final WaitQueue done;
  private boolean ended;

  /**
   * Makes the end of nothing yet.
   *
   * @param what ends, for who looks at waiters
   * @param intStatus reads as what the engine interrupts for; ones written clear it
   * @param reset has the engine give up
   */
  Completion(
      Scheduler scheduler, Device device, String what, Mmio mmio, Reg32 intStatus, Runnable reset) {
    this.scheduler = scheduler;
    this.device = device;
    this.mmio = mmio;
    this.intStatus = intStatus;
    this.reset = reset;
    this.done = new WaitQueue(scheduler, device.name() + " to end " + what);
  }

  /** The engine is about to be told to begin. */
  void begin() {
    ended = false;
  }

  /**
   * Waits for the end, for a second at most, and resets the engine if it does not come.
   *
   * @throws ErrnoException ETIMEDOUT; ERESTARTSYS
   */
  void await() throws ErrnoException {
    long deadlineNs = scheduler.nowNs() + TIMEOUT_NS;
    switch (done.awaitInterruptible(() -> ended, deadlineNs)) {
      case DONE -> {}
      case TIMED_OUT -> {
        reset.run();
        throw ETIMEDOUT.because("%s does not end", device.name());
      }
      case INTERRUPTED -> {
        reset.run();
        throw ERESTARTSYS.because("killed while %s works", device.name());
      }
    }
  }

  /** The engine's interrupt handler. */
  IrqReturn interrupt() {
    int status = mmio.read(intStatus);
    if (status == 0) {
      return IrqReturn.NONE;
    }
    mmio.write(intStatus, status);
    ended = true;
    done.wakeAll();
    return IrqReturn.HANDLED;
  }
}
