package org.smmulator.hw.engines;

import static com.google.common.base.Preconditions.checkArgument;
import static org.smmulator.hw.engines.EngineCosts.BURST_BYTES;

import java.lang.foreign.MemorySegment;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.regs.engines.CopyRegs;
import org.smmulator.regs.engines.SdRegs;

/** A host with a card in it: an array of blocks that it moves by a list of descriptors. */
public final class SdHost {
  private final EngineCosts costs;
  private final BusMaster memory;
  private final InterruptLatch interrupts;
  private final RegisterFile registers;
  private final Worker worker;
  private final MemorySegment card;
  private final int capacityBlocks;
  private boolean toCard;

  /**
   * Makes a host whose card is all zeroes, and starts its process.
   *
   * @param capacityBlocks the card's size in blocks of {@code SdRegs.BLOCK_BYTES}
   */
  public SdHost(
      String name,
      int capacityBlocks,
      EngineCosts costs,
      Timebase timebase,
      BusMaster memory,
      IrqPin irq) {
    checkArgument(
        capacityBlocks > 0 && capacityBlocks <= Integer.MAX_VALUE / SdRegs.BLOCK_BYTES,
        "a card of %s blocks",
        capacityBlocks);
    this.costs = costs;
    this.memory = memory;
    this.capacityBlocks = capacityBlocks;
    this.card = MemorySegment.ofArray(new byte[capacityBlocks * SdRegs.BLOCK_BYTES]);
    this.interrupts = new InterruptLatch(irq);
    RegisterFile.Builder file =
        RegisterFile.builder(SdRegs.WINDOW_BYTES)
            .constant(SdRegs.CAPACITY, capacityBlocks)
            .command(SdRegs.COMMAND, this::command)
            .readWrite(SdRegs.BLOCK)
            .readWrite(SdRegs.COUNT)
            .readWrite(SdRegs.TABLE)
            .readOnly(SdRegs.STATUS);
    interrupts.declare(file, SdRegs.INT_STATUS, SdRegs.INT_ENABLE);
    this.registers = file.build();
    this.worker = new Worker(timebase, name, this::transfer);
  }

  /** The register window, {@code SdRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  private void command(int value) {
    if (SdRegs.COMMAND_RESET.isSet(value)) {
      worker.reset();
      memory.reset();
      interrupts.clear(-1);
      registers.set(SdRegs.STATUS, CopyRegs.IDLE);
    }
    boolean write = SdRegs.COMMAND_WRITE.isSet(value);
    if ((write || SdRegs.COMMAND_READ.isSet(value)) && !worker.isBusy()) {
      toCard = write;
      registers.set(SdRegs.STATUS, CopyRegs.BUSY);
      worker.start();
    }
  }

  private void transfer(int ticket) {
    long block = Integer.toUnsignedLong(registers.get(SdRegs.BLOCK));
    long count = Integer.toUnsignedLong(registers.get(SdRegs.COUNT));
    if (!worker.spend(ticket, costs.startNs())) {
      return;
    }
    if (block + count > capacityBlocks) {
      end(CopyRegs.ERROR | SdRegs.STATUS_RANGE_ERROR.of(1));
      return;
    }
    int outcome = walk(ticket, block * SdRegs.BLOCK_BYTES, count * SdRegs.BLOCK_BYTES);
    if (worker.current(ticket)) {
      end(outcome);
    }
  }

  /** Goes along the list of descriptors; returns the status at its end. */
  private int walk(int ticket, long cardOffset, long sizeBytes) {
    long table = Integer.toUnsignedLong(registers.get(SdRegs.TABLE));
    boolean last = false;
    for (long done = 0; done < sizeBytes; ) {
      long descriptor = last ? 0 : memory.load64(table);
      boolean broken = last || memory.aborted() || !isTransfer((int) descriptor);
      if (broken || !worker.current(ticket)) {
        return CopyRegs.ERROR | SdRegs.STATUS_ADMA_ERROR.of(1);
      }
      long bytes = Math.min(bytesOf(descriptor), sizeBytes - done);
      if (!piece(ticket, descriptor >>> 32, cardOffset + done, bytes)) {
        return CopyRegs.ERROR | SdRegs.STATUS_DATA_ERROR.of(1);
      }
      done += bytes;
      last = (descriptor & SdRegs.DESC_END) != 0;
      table += SdRegs.DESCRIPTOR_BYTES;
    }
    return CopyRegs.DONE;
  }

  private static boolean isTransfer(int descriptor) {
    return (descriptor & SdRegs.DESC_VALID) != 0
        && (descriptor & SdRegs.DESC_ACT_MASK) == SdRegs.DESC_ACT_TRANSFER;
  }

  private static long bytesOf(long descriptor) {
    long field = descriptor >>> 16 & 0xffff;
    return field == 0 ? SdRegs.DESC_MAX_BYTES : field;
  }

  /** Moves one piece; says whether all went well. */
  private boolean piece(int ticket, long iova, long cardOffset, long sizeBytes) {
    for (long done = 0; done < sizeBytes; ) {
      long bytes = Math.min(BURST_BYTES, sizeBytes - done);
      if (toCard) {
        memory.read(iova + done, card, cardOffset + done, bytes);
      } else {
        memory.write(iova + done, card, cardOffset + done, bytes);
      }
      boolean aborted = memory.aborted();
      if (aborted || !worker.current(ticket) || !worker.spend(ticket, costs.burstNs())) {
        return false;
      }
      done += bytes;
    }
    return true;
  }

  private void end(int status) {
    registers.set(SdRegs.STATUS, status);
    interrupts.raise(SdRegs.INT_COMMAND.of(1));
  }
}
