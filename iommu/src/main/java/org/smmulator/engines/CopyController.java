package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.Translator;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.regs.engines.CopyRegs;

/** A copy engine, for kernel code. It hangs on its device. */
public final class CopyController {
  /** The copy carries no substream. */
  public static final int NO_PASID = Translator.NO_SUBSTREAM;

  private static final long MAX_BYTES = 0xffff_ffffL;
  private static final long TIMEOUT_NS = 1_000_000_000L;

  private final Scheduler scheduler;
  private final Mmio mmio;
  private final WaitQueue ended;
  private final WaitQueue idle;
  private final @Nullable CopyJob[] jobs;

  CopyController(Scheduler scheduler, Mmio mmio, String name) {
    this.scheduler = scheduler;
    this.mmio = mmio;
    this.ended = new WaitQueue(scheduler, name + " to end a copy");
    this.idle = new WaitQueue(scheduler, name + " to have a free channel");
    this.jobs = new CopyJob[CopyRegs.ID_CHANNELS.get(mmio.read(CopyRegs.ID))];
  }

  /** The number of copies that can run at a time. */
  public int channels() {
    return jobs.length;
  }

  /** The width of the PASID that the engine puts on the bus; 0 if it has no substreams. */
  public int pasidBits() {
    return CopyRegs.ID_SUBSTREAM_BITS.get(mmio.read(CopyRegs.ID));
  }

  /**
   * Copies, and waits for the end.
   *
   * @throws ErrnoException what {@link #start} and {@link CopyJob#await} throw
   */
  public void copy(long sourceAddress, long targetAddress, long sizeBytes, int pasid)
      throws ErrnoException {
    start(sourceAddress, targetAddress, sizeBytes, pasid).await();
  }

  /**
   * Starts a copy on a free channel, and waits for one if need be.
   *
   * @param sourceAddress what the engine puts on the bus: a DMA address, or an address of the
   *     process that {@code pasid} stands for
   * @param pasid the substream, or {@link #NO_PASID}
   * @throws ErrnoException EINVAL if the engine cannot do that; ERESTARTSYS after a fatal signal
   */
  public CopyJob start(long sourceAddress, long targetAddress, long sizeBytes, int pasid)
      throws ErrnoException {
    if (sizeBytes <= 0 || sizeBytes > MAX_BYTES) {
      throw EINVAL.because("a copy of 0x%x bytes", sizeBytes);
    }
    if (pasid != NO_PASID && (pasid < 0 || pasid >>> pasidBits() != 0)) {
      throw EINVAL.because("pasid %d in %d bits", pasid, pasidBits());
    }
    if (idle.awaitInterruptible(() -> freeChannel() >= 0, WaitQueue.FOREVER)
        == WaitResult.INTERRUPTED) {
      throw ERESTARTSYS.because("killed while waiting for a channel");
    }
    int channel = freeChannel();
    CopyJob job = new CopyJob(this, channel);
    jobs[channel] = job; // before the first register: each is a point where another may come in
    mmio.write(CopyRegs.SRC_LO, channel, (int) sourceAddress);
    mmio.write(CopyRegs.SRC_HI, channel, (int) (sourceAddress >>> 32));
    mmio.write(CopyRegs.DST_LO, channel, (int) targetAddress);
    mmio.write(CopyRegs.DST_HI, channel, (int) (targetAddress >>> 32));
    mmio.write(CopyRegs.LEN, channel, (int) sizeBytes);
    mmio.write(
        CopyRegs.SUBSTREAM,
        channel,
        pasid == NO_PASID ? 0 : CopyRegs.SUBSTREAM_VALID.of(1) | CopyRegs.SUBSTREAM_ID.of(pasid));
    mmio.write(CopyRegs.CONTROL, channel, CopyRegs.CONTROL_START.of(1));
    return job;
  }

  private int freeChannel() {
    for (int i = 0; i < jobs.length; i++) {
      if (jobs[i] == null) {
        return i;
      }
    }
    return -1;
  }

  WaitResult await(CopyJob job) {
    return ended.awaitInterruptible(job::isDone, scheduler.nowNs() + TIMEOUT_NS);
  }

  /**
   * Abandons {@code job}, for which nobody waits any more. If a page fault holds up its engine,
   * nobody else gets its channel either until the fault is answered: an interrupt says so.
   */
  void abandon(CopyJob job) {
    int channel = job.channel();
    mmio.write(CopyRegs.CONTROL, channel, CopyRegs.CONTROL_RESET.of(1));
    boolean isIdle =
        CopyRegs.STATUS_STATE.get(mmio.read(CopyRegs.STATUS, channel)) == CopyRegs.IDLE;
    if (isIdle && jobs[channel] == job) {
      jobs[channel] = null;
      idle.wakeAll();
    }
  }

  IrqReturn interrupt() {
    int status = mmio.read(CopyRegs.INT_STATUS);
    if (status == 0) {
      return IrqReturn.NONE;
    }
    for (int i = 0; i < jobs.length; i++) {
      CopyJob job = jobs[i];
      if ((status & 1 << i) != 0 && job != null) {
        job.ended(
            mmio.read(CopyRegs.STATUS, i), Integer.toUnsignedLong(mmio.read(CopyRegs.COPIED, i)));
        jobs[i] = null;
      }
    }
    mmio.write(CopyRegs.INT_STATUS, status);
    ended.wakeAll();
    idle.wakeAll();
    return IrqReturn.HANDLED;
  }

  void enable() {
    mmio.write(CopyRegs.INT_ENABLE, (1 << jobs.length) - 1);
  }

  /** Stops every channel. */
  void shutDown() {
    mmio.write(CopyRegs.INT_ENABLE, 0);
    for (int i = 0; i < jobs.length; i++) {
      mmio.write(CopyRegs.CONTROL, i, CopyRegs.CONTROL_RESET.of(1));
    }
  }
}
