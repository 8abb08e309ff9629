package org.smmulator.hw.adreno;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.regs.adreno.Pm4Event;

/**
 * The registers of a GPU, its interrupt, and the counters that run by themselves; each generation
 * has its own map, and this is what the command processor knows of any.
 */
abstract class GpuRegisters implements MmioTarget {
  /** The command processor as its registers see it. */
  interface Control {
    /** Run. */
    void start();

    /** CP_RB_WPTR: there is more in the ring. */
    void doorbell();

    /** CP_CONTEXT_SWITCH_CNTL: the driver asks for another ring. */
    void switchAsked();

    void reset();

    int readPointer();

    /** Dwords left in the indirect buffer of {@code level}, 1 or 2. */
    int remaining(int level);

    /** Returns whether the SMMU stalls an access of the GPU. */
    boolean isStalled();
  }

  /** The registers of the interrupts, and which of them the events raise that have one. */
  record Interrupts(Reg32 status, Reg32 mask, Field cacheFlushTs, Field rbDoneTs) {}

  static final long NS_PER_SECOND = 1_000_000_000L;
  private static final int COUNTER_BYTES = 8;

  final AdrenoConfig config;
  final GpuClock clock;
  final Timebase timebase;
  final Control control;
  private final IrqPin irq;
  private final Interrupts interrupts;

  GpuRegisters(
      AdrenoConfig config,
      GpuClock clock,
      Timebase timebase,
      IrqPin irq,
      Control control,
      Interrupts interrupts) {
    this.config = config;
    this.clock = clock;
    this.timebase = timebase;
    this.irq = irq;
    this.control = control;
    this.interrupts = interrupts;
  }

  /** The registers that hold what was written, and those that act. */
  abstract RegisterFile file();

  @Override
  public int read32(int offset) {
    return file().read32(offset);
  }

  @Override
  public void write32(int offset, int value) {
    file().write32(offset, value);
  }

  // ---- the ring

  abstract long ringBase();

  /** Its size, a power of two. */
  abstract int ringDwords();

  abstract int writePointer();

  /** The address that the read pointer is copied to; 0 for none. */
  abstract long shadowIova();

  /** The address that a yield copies the read pointer to; 0 for none. */
  long yieldShadowIova() {
    return 0;
  }

  /** How far the read pointer moves between two copies. */
  abstract int blockDwords();

  /** Shows the indirect buffer that {@code level}, 1 or 2, now runs. */
  abstract void showBuffer(int level, long iova, int dwords);

  final void setBusy(boolean busy) {
    clock.setBusy(busy);
    showBusy(busy);
  }

  /** Shows in the status register whether the GPU works. */
  abstract void showBusy(boolean busy);

  // ---- errors and events

  /** A packet that means nothing. */
  abstract void opcodeError(int header);

  /** A fetch of commands that the bus did not answer. */
  abstract void fetchError();

  /** Returns whether packets in protected mode may not touch {@code register}. */
  abstract boolean isProtected(int register, boolean load);

  /**
   * Notes a refused access.
   *
   * @return whether software wants the command processor to stop at it
   */
  abstract boolean refused(int register, boolean load);

  /** Raises the interrupt of an event that asked for it. */
  final void raiseEvent(int event) {
    if (event == Pm4Event.CACHE_FLUSH_TS) {
      raise(interrupts.cacheFlushTs);
    } else if (event == Pm4Event.RB_DONE_TS) {
      raise(interrupts.rbDoneTs);
    }
  }

  /** Returns whether what the ring's packets do counts as privileged (APRIV). */
  boolean isPrivileged() {
    return false;
  }

  /** The command processor has stopped. */
  void standStill() {}

  // ---- parts

  final int get(Reg32 reg) {
    return file().get(reg);
  }

  final void set(Reg32 reg, int value) {
    file().set(reg, value);
  }

  /** Raises one of the interrupts. */
  final void raise(Field interrupt) {
    set(interrupts.status, get(interrupts.status) | interrupt.mask());
    drivePin();
  }

  final void clearInterrupts(int mask) {
    set(interrupts.status, get(interrupts.status) & ~mask);
    drivePin();
  }

  final void drivePin() {
    irq.set((get(interrupts.status) & get(interrupts.mask)) != 0);
  }

  final void softReset(int value) {
    if (value != 0) {
      control.reset();
    }
  }

  /** Gives every register its reset value, which is zero, and lowers the interrupt. */
  void reset() {
    file().clear();
    clock.setBusy(false);
    restartCounters();
    drivePin();
  }

  // ---- counters

  final void restartCounters() {
    clock.restart();
  }

  final long alwaysOnTicks() {
    return GpuClock.ticks(timebase.nowNs(), config.alwaysOnHz());
  }

  final long coreCycles() {
    return clock.cycles();
  }

  /** Returns whether {@code offset} is in the counter of 64 bits at {@code first}. */
  static boolean isIn(int first, int offset) {
    return offset >= first && offset < first + COUNTER_BYTES;
  }

  /** The half of {@code counter}, which is at {@code first}, that {@code offset} reads. */
  static int half(long counter, int first, int offset) {
    return (int) (counter >>> (8 * (offset - first)));
  }
}
