package org.smmulator.hw.adreno;

import static org.smmulator.regs.adreno.A6xx.CP_ALWAYS_ON_CONTEXT;
import static org.smmulator.regs.adreno.A6xx.CP_ALWAYS_ON_COUNTER;
import static org.smmulator.regs.adreno.A6xx.CP_CONTEXT_SWITCH_CNTL;
import static org.smmulator.regs.adreno.A6xx.CP_HW_FAULT;
import static org.smmulator.regs.adreno.A6xx.CP_IB1_BASE;
import static org.smmulator.regs.adreno.A6xx.CP_IB1_REM_SIZE;
import static org.smmulator.regs.adreno.A6xx.CP_IB2_BASE;
import static org.smmulator.regs.adreno.A6xx.CP_IB2_REM_SIZE;
import static org.smmulator.regs.adreno.A6xx.CP_INTERRUPT_STATUS;
import static org.smmulator.regs.adreno.A6xx.CP_PROTECT;
import static org.smmulator.regs.adreno.A6xx.CP_PROTECT_CNTL;
import static org.smmulator.regs.adreno.A6xx.CP_PROTECT_STATUS;
import static org.smmulator.regs.adreno.A6xx.CP_RB_BASE;
import static org.smmulator.regs.adreno.A6xx.CP_RB_CNTL;
import static org.smmulator.regs.adreno.A6xx.CP_RB_RPTR;
import static org.smmulator.regs.adreno.A6xx.CP_RB_RPTR_ADDR;
import static org.smmulator.regs.adreno.A6xx.CP_RB_WPTR;
import static org.smmulator.regs.adreno.A6xx.CP_SCRATCH;
import static org.smmulator.regs.adreno.A6xx.CP_SQE_CNTL;
import static org.smmulator.regs.adreno.A6xx.CP_SQE_INSTR_BASE;
import static org.smmulator.regs.adreno.A6xx.CP_SQE_STAT_ADDR;
import static org.smmulator.regs.adreno.A6xx.CP_SQE_STAT_DATA;
import static org.smmulator.regs.adreno.A6xx.INT_CP_HW_ERROR;
import static org.smmulator.regs.adreno.A6xx.RBBM_INT_0_MASK;
import static org.smmulator.regs.adreno.A6xx.RBBM_INT_0_STATUS;
import static org.smmulator.regs.adreno.A6xx.RBBM_INT_CLEAR_CMD;
import static org.smmulator.regs.adreno.A6xx.RBBM_PERFCTR_CP_0;
import static org.smmulator.regs.adreno.A6xx.RBBM_PERFCTR_SRAM_INIT_CMD;
import static org.smmulator.regs.adreno.A6xx.RBBM_PERFCTR_SRAM_INIT_STATUS;
import static org.smmulator.regs.adreno.A6xx.RBBM_STATUS;
import static org.smmulator.regs.adreno.A6xx.RBBM_STATUS3;
import static org.smmulator.regs.adreno.A6xx.RBBM_SW_RESET_CMD;
import static org.smmulator.regs.adreno.A6xx.STATUS_GPU_BUSY;
import static org.smmulator.regs.adreno.A6xx.UCHE_CLIENT_PF;
import static org.smmulator.regs.adreno.A6xx.WINDOW_BYTES;

import java.util.function.IntSupplier;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;

/** The registers, the interrupt, and the counters that run by themselves. */
final class GpuRegisters implements MmioTarget {
  /** The command processor as its registers see it. */
  interface Control {
    /** CP_SQE_CNTL: run. */
    void start();

    /** CP_RB_WPTR: there is more in the ring. */
    void doorbell();

    void reset();

    int readPointer();

    /** Dwords left in the indirect buffer of {@code level}, 1 or 2. */
    int remaining(int level);
  }

  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final int COUNTER_BYTES = 8;

  private final AdrenoConfig config;
  private final Timebase timebase;
  private final IrqPin irq;
  private final Control control;
  private final RegisterFile file;
  private long countersSinceNs;
  private int countersCleared;

  GpuRegisters(AdrenoConfig config, Timebase timebase, IrqPin irq, Control control) {
    this.config = config;
    this.timebase = timebase;
    this.irq = irq;
    this.control = control;
    this.file =
        RegisterFile.builder(WINDOW_BYTES)
            .command(RBBM_INT_CLEAR_CMD, this::clearInterrupts)
            .onWrite(RBBM_INT_0_MASK, value -> drivePin())
            .command(RBBM_SW_RESET_CMD, this::softReset)
            .readOnly(RBBM_INT_0_STATUS)
            .readOnly(RBBM_STATUS)
            .readOnly(RBBM_STATUS3)
            .command(RBBM_PERFCTR_SRAM_INIT_CMD, this::clearCounters)
            .readOnly(RBBM_PERFCTR_SRAM_INIT_STATUS)
            .readWrite(CP_RB_BASE)
            .readWrite(CP_RB_CNTL)
            .readWrite(CP_RB_RPTR_ADDR)
            .onRead(CP_RB_RPTR, () -> control.readPointer())
            .onWrite(CP_RB_WPTR, value -> control.doorbell())
            .onWrite(CP_SQE_CNTL, this::sqeControl)
            .readOnly(CP_HW_FAULT)
            .readOnly(CP_INTERRUPT_STATUS)
            .readOnly(CP_PROTECT_STATUS)
            .readWrite(CP_SQE_INSTR_BASE)
            .readWrite(CP_PROTECT_CNTL)
            .readWrite(CP_PROTECT)
            .readWrite(CP_SCRATCH)
            .readWrite(CP_CONTEXT_SWITCH_CNTL)
            .readWrite(CP_SQE_STAT_ADDR)
            .readOnly(CP_SQE_STAT_DATA)
            .readOnly(CP_IB1_BASE)
            .onRead(CP_IB1_REM_SIZE, remaining(1))
            .readOnly(CP_IB2_BASE)
            .onRead(CP_IB2_REM_SIZE, remaining(2))
            .readWrite(CP_ALWAYS_ON_CONTEXT)
            .readOnly(UCHE_CLIENT_PF)
            .build();
  }

  @Override
  public int read32(int offset) {
    int intoAlwaysOn = offset - CP_ALWAYS_ON_COUNTER.offset();
    if (intoAlwaysOn >= 0 && intoAlwaysOn < COUNTER_BYTES) {
      return (int) (alwaysOnTicks() >>> (8 * intoAlwaysOn));
    }
    int intoCycles = offset - RBBM_PERFCTR_CP_0.offset();
    if (intoCycles >= 0 && intoCycles < COUNTER_BYTES) {
      return (int) (coreCycles() >>> (8 * intoCycles));
    }
    return file.read32(offset);
  }

  @Override
  public void write32(int offset, int value) {
    file.write32(offset, value);
  }

  int get(Reg32 reg) {
    return file.get(reg);
  }

  int get(Reg32 reg, int index) {
    return file.get(reg, index);
  }

  long get(Reg64 reg) {
    return file.get(reg);
  }

  void set(Reg32 reg, int value) {
    file.set(reg, value);
  }

  void set(Reg64 reg, long value) {
    file.set(reg, value);
  }

  void setBusy(boolean busy) {
    file.set(RBBM_STATUS, busy ? STATUS_GPU_BUSY.of(1) : 0);
  }

  /** Raises one of the interrupts of RBBM_INT_0. */
  void raise(Field interrupt) {
    file.set(RBBM_INT_0_STATUS, file.get(RBBM_INT_0_STATUS) | interrupt.mask());
    drivePin();
  }

  /** Records an error of the command processor, and raises its interrupt. */
  void raiseError(Field error) {
    file.set(CP_INTERRUPT_STATUS, file.get(CP_INTERRUPT_STATUS) | error.mask());
    raise(INT_CP_HW_ERROR);
  }

  long alwaysOnTicks() {
    return scale(timebase.nowNs(), config.alwaysOnHz());
  }

  /** Gives every register its reset value, which is zero, and lowers the interrupt. */
  void reset() {
    file.clear();
    countersSinceNs = timebase.nowNs();
    countersCleared++;
    drivePin();
  }

  private long coreCycles() {
    return scale(timebase.nowNs() - countersSinceNs, config.coreHz());
  }

  // Seconds apart from the rest: the product of both would overflow within a simulated minute.
  private static long scale(long ns, long hz) {
    return ns / NS_PER_SECOND * hz + ns % NS_PER_SECOND * hz / NS_PER_SECOND;
  }

  private IntSupplier remaining(int level) {
    return () -> control.remaining(level);
  }

  private void clearInterrupts(int mask) {
    file.set(RBBM_INT_0_STATUS, file.get(RBBM_INT_0_STATUS) & ~mask);
    drivePin();
  }

  private void drivePin() {
    irq.set((file.get(RBBM_INT_0_STATUS) & file.get(RBBM_INT_0_MASK)) != 0);
  }

  private void softReset(int value) {
    if (value != 0) {
      control.reset();
    }
  }

  private void sqeControl(int value) {
    if ((value & 1) != 0) {
      control.start();
    }
  }

  private void clearCounters(int value) {
    if ((value & 1) == 0) {
      return;
    }
    file.set(RBBM_PERFCTR_SRAM_INIT_STATUS, 0);
    int mine = ++countersCleared;
    timebase.after(
        config.costs().sramInitNs(),
        () -> {
          if (mine == countersCleared) {
            countersSinceNs = timebase.nowNs();
            file.set(RBBM_PERFCTR_SRAM_INIT_STATUS, 1);
          }
        });
  }
}
