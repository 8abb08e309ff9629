package org.smmulator.hw.engines;

import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.engines.EngineCosts.BURST_BYTES;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.regs.engines.CopyRegs;

/** One channel of a copy engine: registers at an index, and a process. */
final class CopyChannel {
  private final int index;
  private final boolean hasSubstreams;
  private final EngineCosts costs;
  private final BusMaster memory;
  private final InterruptLatch interrupts;
  private final Worker worker;
  private final MemorySegment burst = MemorySegment.ofArray(new byte[BURST_BYTES]);
  private @Nullable RegisterFile registers;

  /** True while an access is on the bus: one that an IOMMU holds up cannot be taken back. */
  private boolean inAccess;

  CopyChannel(
      String engine,
      int index,
      int substreamBits,
      EngineCosts costs,
      Timebase timebase,
      BusMaster memory,
      InterruptLatch interrupts) {
    this.index = index;
    this.hasSubstreams = substreamBits > 0;
    this.costs = costs;
    this.memory = memory;
    this.interrupts = interrupts;
    this.worker = new Worker(timebase, engine + ".ch" + index, this::copy);
  }

  void connect(RegisterFile file) {
    registers = file;
  }

  void control(int value) {
    if (CopyRegs.CONTROL_RESET.isSet(value)) {
      worker.reset();
      interrupts.clear(1 << index);
      set(CopyRegs.STATUS, inAccess ? CopyRegs.BUSY : CopyRegs.IDLE);
    }
    if (CopyRegs.CONTROL_START.isSet(value) && !worker.isBusy() && !inAccess) {
      set(CopyRegs.STATUS, CopyRegs.BUSY);
      set(CopyRegs.COPIED, 0);
      worker.start();
    }
  }

  private void copy(int ticket) {
    BusMaster port = memory.withSubstream(substream());
    long from = get64(CopyRegs.SRC_LO, CopyRegs.SRC_HI);
    long to = get64(CopyRegs.DST_LO, CopyRegs.DST_HI);
    long sizeBytes = Integer.toUnsignedLong(get(CopyRegs.LEN));
    if (!worker.spend(ticket, costs.startNs())) {
      return;
    }
    for (long done = 0; done < sizeBytes; ) {
      long bytes = Math.min(BURST_BYTES, sizeBytes - done);
      inAccess = true;
      port.read(from + done, burst, 0, bytes);
      if (!goesOn(ticket)) {
        return;
      }
      if (port.aborted()) {
        end(CopyRegs.ERROR | CopyRegs.STATUS_READ_ERROR.of(1));
        return;
      }
      inAccess = true;
      port.write(to + done, burst, 0, bytes);
      if (!goesOn(ticket)) {
        return;
      }
      if (port.aborted()) {
        end(CopyRegs.ERROR | CopyRegs.STATUS_WRITE_ERROR.of(1));
        return;
      }
      done += bytes;
      set(CopyRegs.COPIED, (int) done);
      if (!worker.spend(ticket, costs.burstNs())) {
        return;
      }
    }
    end(CopyRegs.DONE);
  }

  /** The access was answered; says whether its copy was not forgotten meanwhile. */
  private boolean goesOn(int ticket) {
    inAccess = false;
    if (!worker.current(ticket)) {
      end(CopyRegs.IDLE);
      return false;
    }
    return true;
  }

  private int substream() {
    int value = get(CopyRegs.SUBSTREAM);
    return hasSubstreams && CopyRegs.SUBSTREAM_VALID.isSet(value)
        ? CopyRegs.SUBSTREAM_ID.get(value)
        : Translator.NO_SUBSTREAM;
  }

  private void end(int status) {
    set(CopyRegs.STATUS, status);
    interrupts.raise(1 << index);
  }

  private int get(Reg32 reg) {
    return requireNonNull(registers).get(reg, index);
  }

  private long get64(Reg32 low, Reg32 high) {
    return Integer.toUnsignedLong(get(low)) | (long) get(high) << 32;
  }

  private void set(Reg32 reg, int value) {
    requireNonNull(registers).set(reg, index, value);
  }
}
