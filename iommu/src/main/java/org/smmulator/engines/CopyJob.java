package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import org.smmulator.hw.reg.Field;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.regs.engines.CopyRegs;

/** A copy that was started on a channel. Somebody must {@link #await} it. */
public final class CopyJob {
  private final CopyController controller;
  private final int channel;
  private int status = CopyRegs.BUSY;
  private long copiedBytes;

  CopyJob(CopyController controller, int channel) {
    this.controller = controller;
    this.channel = channel;
  }

  /** The channel that has the job, or had it. */
  public int channel() {
    return channel;
  }

  public boolean isDone() {
    return status != CopyRegs.BUSY;
  }

  /** The number of bytes that have arrived, as far as the engine has reported. */
  public long copiedBytes() {
    return copiedBytes;
  }

  /**
   * Waits for the end.
   *
   * @throws ErrnoException EIO if the engine met a bus error; ETIMEDOUT, or ERESTARTSYS after a
   *     fatal signal: the channel is then reset
   */
  public void await() throws ErrnoException {
    WaitResult result = controller.await(this);
    if (result != WaitResult.DONE && !isDone()) {
      controller.abandon(this);
      throw result == WaitResult.TIMED_OUT
          ? ETIMEDOUT.because("channel %d does not end", channel)
          : ERESTARTSYS.because("killed while channel %d copies", channel);
    }
    check(CopyRegs.STATUS_READ_ERROR, "load");
    check(CopyRegs.STATUS_WRITE_ERROR, "store");
  }

  private void check(Field error, String what) throws ErrnoException {
    if (error.isSet(status)) {
      throw EIO.because(
          "a %s of channel %d was refused after %d bytes", what, channel, copiedBytes);
    }
  }

  void ended(int finalStatus, long bytes) {
    status = finalStatus;
    copiedBytes = bytes;
  }
}
