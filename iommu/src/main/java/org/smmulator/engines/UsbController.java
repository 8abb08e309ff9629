package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.regs.engines.SgUsbRegs;

/**
 * A USB-like controller, for kernel code: scatter lists go out to the function and come in from it.
 * It hangs on its device.
 */
public final class UsbController {
  /** One descriptor of the ring must stay free: a full ring would look empty. */
  public static final int MAX_PIECES = 255;

  private static final int ENTRIES = MAX_PIECES + 1;
  private static final long TIMEOUT_NS = 1_000_000_000L;

  private final KernelServices kernel;
  private final DmaApi dma;
  private final Device device;
  private final Mmio mmio;
  private final CoherentBuffer ring;
  private final Mutex lock;
  private final WaitQueue done;
  private int producer;
  private boolean ended;
  private boolean halted;

  /** Makes a controller that is off. */
  UsbController(KernelServices kernel, DmaApi dma, Device device, Mmio mmio) throws ErrnoException {
    this.kernel = kernel;
    this.dma = dma;
    this.device = device;
    this.mmio = mmio;
    this.lock = kernel.lockdep().mutex("sgusb->mutex");
    this.done = new WaitQueue(kernel.scheduler(), device.name() + " to end a transfer");
    this.ring = dma.allocCoherent(device, (long) ENTRIES * SgUsbRegs.DESCRIPTOR_BYTES);
  }

  /** The number of bytes that the function keeps at most. */
  public int functionBytes() {
    return SgUsbRegs.ID_FIFO_BYTES.get(mmio.read(SgUsbRegs.ID));
  }

  /**
   * Sends {@code list} to the function.
   *
   * @return the bytes that it took: fewer than there are if it is full
   * @throws ErrnoException EINVAL, ENOMEM or EIO if the list cannot be mapped; EINVAL if it has too
   *     many pieces; EIO if the controller met a bus error; ETIMEDOUT; ERESTARTSYS
   */
  public long out(ScatterList list) throws ErrnoException {
    return transfer(list, DmaDirection.TO_DEVICE);
  }

  /**
   * Fills {@code list} from the function.
   *
   * @return the bytes that it gave
   * @throws ErrnoException as {@link #out}
   */
  public long in(ScatterList list) throws ErrnoException {
    return transfer(list, DmaDirection.FROM_DEVICE);
  }

  private long transfer(ScatterList list, DmaDirection direction) throws ErrnoException {
    try (var _ = lock.lockInterruptible()) {
      dma.mapSgtable(device, list, direction);
      try {
        int pieces = list.mappedCount();
        if (pieces > MAX_PIECES) {
          throw EINVAL.because("%d pieces", pieces);
        }
        int first = producer;
        ended = false;
        post(list, direction == DmaDirection.FROM_DEVICE ? SgUsbRegs.DESC_IN : 0);
        awaitEnd();
        return collect(first, pieces);
      } finally {
        dma.unmapSg(device, list, direction);
      }
    }
  }

  private void post(ScatterList list, int flags) {
    Dram dram = kernel.dram();
    int pieces = list.mappedCount();
    for (int i = 0; i < pieces; i++) {
      long pa = descriptor(producer);
      int last = i == pieces - 1 ? SgUsbRegs.DESC_INTERRUPT : 0;
      dram.putLong(pa, list.dmaAddress(i));
      dram.putInt(pa + SgUsbRegs.DESC_BYTES_OFFSET, (int) list.dmaLength(i));
      dram.putInt(pa + SgUsbRegs.DESC_CONTROL_OFFSET, flags | last);
      producer = (producer + 1) % ENTRIES;
    }
    mmio.write(SgUsbRegs.PRODUCER, producer);
  }

  /** Returns when the controller is through, and resets it if it is stuck. */
  private void awaitEnd() throws ErrnoException {
    long deadlineNs = kernel.scheduler().nowNs() + TIMEOUT_NS;
    WaitResult result = done.awaitInterruptible(() -> ended || halted, deadlineNs);
    if (ended) {
      return;
    }
    restart();
    throw switch (result) {
      case DONE -> EIO.because("%s does not reach its ring", device.name());
      case TIMED_OUT -> ETIMEDOUT.because("%s does not end", device.name());
      case INTERRUPTED -> ERESTARTSYS.because("killed while %s works", device.name());
    };
  }

  private long collect(int first, int pieces) throws ErrnoException {
    long moved = 0;
    for (int i = 0; i < pieces; i++) {
      long pa = descriptor((first + i) % ENTRIES);
      if ((kernel.dram().getInt(pa + SgUsbRegs.DESC_CONTROL_OFFSET) & SgUsbRegs.DESC_ERROR) != 0) {
        throw EIO.because("%s was refused piece %d of %d", device.name(), i, pieces);
      }
      moved += Integer.toUnsignedLong(kernel.dram().getInt(pa + SgUsbRegs.DESC_BYTES_OFFSET));
    }
    return moved;
  }

  private long descriptor(int index) {
    return ring.pa() + (long) index * SgUsbRegs.DESCRIPTOR_BYTES;
  }

  IrqReturn interrupt() {
    int status = mmio.read(SgUsbRegs.INT_STATUS);
    if (status == 0) {
      return IrqReturn.NONE;
    }
    mmio.write(SgUsbRegs.INT_STATUS, status);
    halted = SgUsbRegs.INT_HALTED.isSet(status);
    ended = !halted && mmio.read(SgUsbRegs.CONSUMER) == producer;
    done.wakeAll();
    return IrqReturn.HANDLED;
  }

  void restart() {
    mmio.write(SgUsbRegs.CONTROL, SgUsbRegs.CONTROL_RESET.of(1));
    producer = 0;
    halted = false;
    mmio.write(SgUsbRegs.RING, ring.dmaAddress());
    mmio.write(SgUsbRegs.ENTRIES, ENTRIES);
    mmio.write(SgUsbRegs.INT_ENABLE, SgUsbRegs.INT_DONE.mask() | SgUsbRegs.INT_HALTED.mask());
  }

  void shutDown() {
    mmio.write(SgUsbRegs.INT_ENABLE, 0);
    mmio.write(SgUsbRegs.CONTROL, SgUsbRegs.CONTROL_RESET.of(1));
    dma.freeCoherent(device, ring);
  }
}
