package org.smmulator.hw.engines;

import static org.smmulator.hw.engines.EngineCosts.BURST_BYTES;

import java.lang.foreign.MemorySegment;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.regs.engines.SgUsbRegs;

/**
 * A USB-like controller with a function plugged in that gives back what it got.
 *
 * <p>It takes descriptors from the ring one after another. Memory that is a bus error ends that
 * descriptor alone; a ring that is one halts the controller until it is reset.
 */
public final class SgUsb {
  /** The number of bytes that the function keeps. */
  public static final int FIFO_BYTES = 1 << 18;

  private final EngineCosts costs;
  private final BusMaster memory;
  private final InterruptLatch interrupts;
  private final RegisterFile registers;
  private final Worker worker;
  private final LoopbackFifo function = new LoopbackFifo(FIFO_BYTES);
  private final MemorySegment burst = MemorySegment.ofArray(new byte[BURST_BYTES]);
  private boolean halted;

  /** The outcome of a descriptor, besides the bytes that it moved. */
  private boolean failed;

  /** Makes a controller and starts its process. */
  public SgUsb(String name, EngineCosts costs, Timebase timebase, BusMaster memory, IrqPin irq) {
    this.costs = costs;
    this.memory = memory;
    this.interrupts = new InterruptLatch(irq);
    RegisterFile.Builder file =
        RegisterFile.builder(SgUsbRegs.WINDOW_BYTES)
            .constant(SgUsbRegs.ID, SgUsbRegs.ID_FIFO_BYTES.of(FIFO_BYTES))
            .command(SgUsbRegs.CONTROL, this::control)
            .readWrite(SgUsbRegs.RING)
            .readWrite(SgUsbRegs.ENTRIES)
            .onWrite(SgUsbRegs.PRODUCER, _ -> doorbell())
            .readOnly(SgUsbRegs.CONSUMER);
    interrupts.declare(file, SgUsbRegs.INT_STATUS, SgUsbRegs.INT_ENABLE);
    this.registers = file.build();
    this.worker = new Worker(timebase, name, this::work);
  }

  /** The register window, {@code SgUsbRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  private void control(int value) {
    if (SgUsbRegs.CONTROL_RESET.isSet(value)) {
      worker.reset();
      memory.reset();
      halted = false;
      function.clear();
      interrupts.clear(-1);
      registers.set(SgUsbRegs.RING, 0);
      registers.set(SgUsbRegs.ENTRIES, 0);
      registers.set(SgUsbRegs.PRODUCER, 0);
      registers.set(SgUsbRegs.CONSUMER, 0);
    }
  }

  private void doorbell() {
    if (!halted && registers.get(SgUsbRegs.ENTRIES) > 0) {
      worker.start();
    }
  }

  private void work(int ticket) {
    if (!worker.spend(ticket, costs.startNs())) {
      return;
    }
    int entries = registers.get(SgUsbRegs.ENTRIES);
    while (!halted
        && registers.get(SgUsbRegs.CONSUMER) != registers.get(SgUsbRegs.PRODUCER) % entries) {
      int index = registers.get(SgUsbRegs.CONSUMER);
      descriptor(ticket, registers.get(SgUsbRegs.RING) + (long) index * SgUsbRegs.DESCRIPTOR_BYTES);
      if (!worker.current(ticket)) {
        return;
      }
      if (!halted) {
        registers.set(SgUsbRegs.CONSUMER, (index + 1) % entries);
      }
    }
  }

  private void descriptor(int ticket, long iova) {
    long address = memory.load64(iova);
    boolean broken = memory.aborted();
    long sizeBytes = Integer.toUnsignedLong(memory.load32(iova + SgUsbRegs.DESC_BYTES_OFFSET));
    broken |= memory.aborted();
    int control = memory.load32(iova + SgUsbRegs.DESC_CONTROL_OFFSET);
    broken |= memory.aborted();
    if (!worker.current(ticket)) {
      return;
    }
    if (broken) {
      halt();
      return;
    }
    failed = false;
    boolean in = (control & SgUsbRegs.DESC_IN) != 0;
    long moved = in ? toMemory(ticket, address, sizeBytes) : fromMemory(ticket, address, sizeBytes);
    if (worker.current(ticket)) {
      writeBack(ticket, iova, moved, control);
    }
  }

  private void writeBack(int ticket, long iova, long moved, int control) {
    int outcome = SgUsbRegs.DESC_DONE | (failed ? SgUsbRegs.DESC_ERROR : 0);
    memory.store32(iova + SgUsbRegs.DESC_BYTES_OFFSET, (int) moved);
    memory.store32(iova + SgUsbRegs.DESC_CONTROL_OFFSET, control | outcome);
    if (!worker.current(ticket)) {
      return;
    }
    if (memory.aborted()) {
      halt();
    } else if ((control & SgUsbRegs.DESC_INTERRUPT) != 0) {
      interrupts.raise(SgUsbRegs.INT_DONE.of(1));
    }
  }

  private void halt() {
    halted = true;
    interrupts.raise(SgUsbRegs.INT_HALTED.of(1));
  }

  /** OUT: the function takes as much as it has room for. */
  private long fromMemory(int ticket, long address, long sizeBytes) {
    long wanted = Math.min(sizeBytes, function.room());
    long done = 0;
    while (done < wanted && !failed) {
      long bytes = Math.min(BURST_BYTES, wanted - done);
      memory.read(address + done, burst, 0, bytes);
      if (!worker.current(ticket)) {
        return done;
      }
      failed = memory.aborted();
      if (!failed) {
        function.put(burst, bytes);
        done += bytes;
      }
      if (!worker.spend(ticket, costs.burstNs())) {
        return done;
      }
    }
    return done;
  }

  /** IN: the function gives as much as it has. */
  private long toMemory(int ticket, long address, long sizeBytes) {
    long wanted = Math.min(sizeBytes, function.filled());
    long done = 0;
    while (done < wanted && !failed) {
      long bytes = Math.min(BURST_BYTES, wanted - done);
      function.peek(burst, bytes);
      memory.write(address + done, burst, 0, bytes);
      if (!worker.current(ticket)) {
        return done;
      }
      failed = memory.aborted();
      if (!failed) {
        function.drop(bytes);
        done += bytes;
      }
      if (!worker.spend(ticket, costs.burstNs())) {
        return done;
      }
    }
    return done;
  }
}
