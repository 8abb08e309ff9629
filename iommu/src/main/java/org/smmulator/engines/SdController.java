package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.regs.engines.CopyRegs;
import org.smmulator.regs.engines.SdRegs;

/** A card host, for kernel code. It hangs on its device. Numbers of blocks are of 512 bytes. */
public final class SdController {
  private static final int MAX_DESCRIPTORS = (int) PAGE_SIZE / SdRegs.DESCRIPTOR_BYTES;

  private final KernelServices kernel;
  private final DmaApi dma;
  private final Device device;
  private final Mmio mmio;
  private final CoherentBuffer table;
  private final Mutex lock;
  private final Completion command;
  private int descriptors;

  SdController(KernelServices kernel, DmaApi dma, Device device, Mmio mmio) throws ErrnoException {
    this.kernel = kernel;
    this.dma = dma;
    this.device = device;
    this.mmio = mmio;
    this.lock = kernel.lockdep().mutex("sdhost->mutex");
    this.command =
        new Completion(
            kernel.scheduler(), device, "a command", mmio, SdRegs.INT_STATUS, this::reset);
    this.table = dma.allocCoherent(device, PAGE_SIZE);
  }

  /** The card's size in blocks. */
  public long capacityBlocks() {
    return Integer.toUnsignedLong(mmio.read(SdRegs.CAPACITY));
  }

  /**
   * Moves whole blocks between the card and one run of memory.
   *
   * @param write towards the card
   * @throws ErrnoException EIO if the memory cannot be mapped, the card has no such block, or the
   *     host met a bus error; EINVAL for a part of a block; ETIMEDOUT; ERESTARTSYS
   */
  public void transferSingle(long block, long pa, long sizeBytes, boolean write)
      throws ErrnoException {
    checkWhole(sizeBytes);
    DmaDirection direction = write ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE;
    try (var _ = lock.lockInterruptible()) {
      long dmaAddress = dma.mapPage(device, pa, sizeBytes, direction);
      if (dma.mappingError(device, dmaAddress)) {
        throw EIO.because("%s does not reach pa 0x%x", device.name(), pa);
      }
      try {
        descriptors = 0;
        describe(dmaAddress, sizeBytes);
        run(block, sizeBytes, write);
      } finally {
        dma.unmapPage(device, dmaAddress, sizeBytes, direction);
      }
    }
  }

  /**
   * Does {@link #transferSingle} with memory in pieces.
   *
   * @throws ErrnoException as {@link #transferSingle}; ENOMEM or EINVAL if the list cannot be
   *     mapped
   */
  public void transfer(long block, ScatterList list, boolean write) throws ErrnoException {
    long sizeBytes = 0;
    for (int i = 0; i < list.count(); i++) {
      sizeBytes += list.length(i);
    }
    checkWhole(sizeBytes);
    DmaDirection direction = write ? DmaDirection.TO_DEVICE : DmaDirection.FROM_DEVICE;
    try (var _ = lock.lockInterruptible()) {
      dma.mapSgtable(device, list, direction);
      try {
        descriptors = 0;
        for (int i = 0; i < list.mappedCount(); i++) {
          describe(list.dmaAddress(i), list.dmaLength(i));
        }
        run(block, sizeBytes, write);
      } finally {
        dma.unmapSg(device, list, direction);
      }
    }
  }

  private static void checkWhole(long sizeBytes) throws ErrnoException {
    if (sizeBytes <= 0 || sizeBytes % SdRegs.BLOCK_BYTES != 0) {
      throw EINVAL.because("0x%x bytes are no whole blocks", sizeBytes);
    }
  }

  private void describe(long dmaAddress, long sizeBytes) throws ErrnoException {
    for (long at = 0; at < sizeBytes; at += SdRegs.DESC_MAX_BYTES) {
      if (descriptors == MAX_DESCRIPTORS) {
        throw EINVAL.because("more than %d pieces", MAX_DESCRIPTORS);
      }
      long bytes = Math.min(SdRegs.DESC_MAX_BYTES, sizeBytes - at) & 0xffff;
      kernel
          .dram()
          .putLong(
              descriptor(descriptors++),
              (dmaAddress + at) << 32 | bytes << 16 | SdRegs.DESC_ACT_TRANSFER | SdRegs.DESC_VALID);
    }
  }

  private void run(long block, long sizeBytes, boolean write) throws ErrnoException {
    long last = descriptor(descriptors - 1);
    kernel.dram().putLong(last, kernel.dram().getLong(last) | SdRegs.DESC_END);
    command.begin();
    mmio.write(SdRegs.BLOCK, (int) block);
    mmio.write(SdRegs.COUNT, (int) (sizeBytes / SdRegs.BLOCK_BYTES));
    mmio.write(SdRegs.TABLE, (int) table.dmaAddress());
    mmio.write(SdRegs.COMMAND, write ? SdRegs.COMMAND_WRITE.of(1) : SdRegs.COMMAND_READ.of(1));
    command.await();
    check(mmio.read(SdRegs.STATUS));
  }

  private void check(int status) throws ErrnoException {
    if (SdRegs.STATUS_STATE.get(status) != CopyRegs.DONE) {
      throw EIO.because("%s ended with status %#x", device.name(), status);
    }
  }

  private long descriptor(int index) {
    return table.pa() + (long) index * SdRegs.DESCRIPTOR_BYTES;
  }

  private void reset() {
    mmio.write(SdRegs.COMMAND, SdRegs.COMMAND_RESET.of(1));
  }

  IrqReturn interrupt() {
    return command.interrupt();
  }

  void enable() {
    reset();
    mmio.write(SdRegs.INT_ENABLE, SdRegs.INT_COMMAND.mask());
  }

  void shutDown() {
    mmio.write(SdRegs.INT_ENABLE, 0);
    reset();
    dma.freeCoherent(device, table);
  }
}
