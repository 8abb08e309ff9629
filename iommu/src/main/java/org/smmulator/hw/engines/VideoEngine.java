package org.smmulator.hw.engines;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.regs.engines.CopyRegs;
import org.smmulator.regs.engines.VideoRegs;

/** A video engine: reads a frame line by line and writes it, transformed, to another. */
public final class VideoEngine {
  private final EngineCosts costs;
  private final BusMaster memory;
  private final InterruptLatch interrupts;
  private final RegisterFile registers;
  private final Worker worker;
  private final MemorySegment line = MemorySegment.ofArray(new byte[VideoRegs.MAX_LINE_BYTES]);

  /** Makes an engine and starts its process. */
  public VideoEngine(
      String name, EngineCosts costs, Timebase timebase, BusMaster memory, IrqPin irq) {
    this.costs = costs;
    this.memory = memory;
    this.interrupts = new InterruptLatch(irq);
    RegisterFile.Builder file =
        RegisterFile.builder(VideoRegs.WINDOW_BYTES)
            .constant(VideoRegs.ID, VideoRegs.ID_MAX_LINE_BYTES.of(VideoRegs.MAX_LINE_BYTES))
            .command(VideoRegs.CONTROL, this::control)
            .readWrite(VideoRegs.SRC)
            .readWrite(VideoRegs.DST)
            .readWrite(VideoRegs.LINE_BYTES)
            .readWrite(VideoRegs.LINES)
            .readWrite(VideoRegs.STRIDE)
            .readWrite(VideoRegs.OPERATION)
            .readOnly(VideoRegs.STATUS)
            .readOnly(VideoRegs.LINES_DONE);
    interrupts.declare(file, VideoRegs.INT_STATUS, VideoRegs.INT_ENABLE);
    this.registers = file.build();
    this.worker = new Worker(timebase, name, this::frame);
  }

  /** The register window, {@code VideoRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  private void control(int value) {
    if (VideoRegs.CONTROL_RESET.isSet(value)) {
      worker.reset();
      memory.reset();
      interrupts.clear(-1);
      registers.set(VideoRegs.STATUS, CopyRegs.IDLE);
    }
    if (VideoRegs.CONTROL_START.isSet(value) && !worker.isBusy()) {
      registers.set(VideoRegs.STATUS, CopyRegs.BUSY);
      registers.set(VideoRegs.LINES_DONE, 0);
      worker.start();
    }
  }

  private void frame(int ticket) {
    int lineBytes = registers.get(VideoRegs.LINE_BYTES);
    int lines = registers.get(VideoRegs.LINES);
    long stride = Integer.toUnsignedLong(registers.get(VideoRegs.STRIDE));
    boolean invert = registers.get(VideoRegs.OPERATION) == VideoRegs.INVERT;
    long from = registers.get(VideoRegs.SRC);
    long to = registers.get(VideoRegs.DST);
    if (!worker.spend(ticket, costs.startNs())) {
      return;
    }
    if (lineBytes <= 0 || lineBytes > VideoRegs.MAX_LINE_BYTES || lines <= 0) {
      end(CopyRegs.ERROR | VideoRegs.STATUS_BAD_FRAME.of(1));
      return;
    }
    for (int y = 0; y < lines; y++) {
      memory.read(from + y * stride, line, 0, lineBytes);
      if (!worker.current(ticket)) {
        return;
      }
      if (memory.aborted()) {
        end(CopyRegs.ERROR | VideoRegs.STATUS_READ_ERROR.of(1));
        return;
      }
      if (invert) {
        invert(lineBytes);
      }
      memory.write(to + y * stride, line, 0, lineBytes);
      if (!worker.current(ticket)) {
        return;
      }
      if (memory.aborted()) {
        end(CopyRegs.ERROR | VideoRegs.STATUS_WRITE_ERROR.of(1));
        return;
      }
      registers.set(VideoRegs.LINES_DONE, y + 1);
      if (!worker.spend(ticket, costs.burstNs() * (1 + lineBytes / EngineCosts.BURST_BYTES))) {
        return;
      }
    }
    end(CopyRegs.DONE);
  }

  private void invert(int lineBytes) {
    for (int x = 0; x < lineBytes; x++) {
      line.set(JAVA_BYTE, x, (byte) ~line.get(JAVA_BYTE, x));
    }
  }

  private void end(int status) {
    registers.set(VideoRegs.STATUS, status);
    interrupts.raise(VideoRegs.INT_FRAME.of(1));
  }
}
