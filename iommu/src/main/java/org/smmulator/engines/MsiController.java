package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.msi.MsiVector;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.regs.engines.MsiRegs;

/** A device that interrupts by a store, for kernel code. It hangs on its device. */
public final class MsiController {
  private final Scheduler scheduler;
  private final Device device;
  private final Mmio mmio;
  private final MsiVector vector;
  private final MsiDoorbells doorbells;
  private final WaitQueue arrived;
  private int interrupts;

  MsiController(
      Scheduler scheduler, Device device, Mmio mmio, MsiVector vector, MsiDoorbells doorbells) {
    this.scheduler = scheduler;
    this.device = device;
    this.mmio = mmio;
    this.vector = vector;
    this.doorbells = doorbells;
    this.arrived = new WaitQueue(scheduler, device.name() + " to interrupt");
  }

  /** The interrupt, and the place of its doorbell. */
  public MsiVector vector() {
    return vector;
  }

  /**
   * Tells the device where to store what: to be called again after the device was put into another
   * domain. Kernel: {@code pci_write_msi_msg()}.
   *
   * @throws ErrnoException what {@link MsiDoorbells#addressFor} throws
   */
  public void arm() throws ErrnoException {
    mmio.write(MsiRegs.CONTROL, 0);
    mmio.write(MsiRegs.ADDRESS, doorbells.addressFor(device, vector.doorbellPa()));
    mmio.write(MsiRegs.DATA, vector.data());
    mmio.write(MsiRegs.CONTROL, MsiRegs.CONTROL_ENABLE.of(1));
  }

  /** The bus address that the device stores to. */
  public long doorbellAddress() {
    return mmio.read(MsiRegs.ADDRESS);
  }

  /** Makes something happen in the device that is worth an interrupt. */
  public void trigger() {
    mmio.write(MsiRegs.TRIGGER, 1);
  }

  /** The number of interrupts that have arrived. */
  public int interrupts() {
    return interrupts;
  }

  /** The number of stores that arrived somewhere, as the device knows it. */
  public int sent() {
    return mmio.read(MsiRegs.SENT);
  }

  /** The number of stores that were bus errors. */
  public int lost() {
    return mmio.read(MsiRegs.LOST);
  }

  /**
   * Waits until {@code count} interrupts have arrived in all.
   *
   * @throws ErrnoException ETIMEDOUT after {@code timeoutNs}; ERESTARTSYS after a fatal signal
   */
  public void await(int count, long timeoutNs) throws ErrnoException {
    long deadlineNs = scheduler.nowNs() + timeoutNs;
    switch (arrived.awaitInterruptible(() -> interrupts >= count, deadlineNs)) {
      case DONE -> {}
      case TIMED_OUT -> throw ETIMEDOUT.because("%d of %d interrupts", interrupts, count);
      case INTERRUPTED -> throw ERESTARTSYS.because("killed while waiting for an interrupt");
    }
  }

  IrqReturn interrupt() {
    interrupts++;
    arrived.wakeAll();
    return IrqReturn.HANDLED;
  }

  void shutDown() {
    mmio.write(MsiRegs.CONTROL, 0);
  }
}
