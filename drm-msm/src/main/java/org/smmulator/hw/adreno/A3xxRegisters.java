package org.smmulator.hw.adreno;

import static org.smmulator.regs.adreno.A3xx.BANK_WINDOW;
import static org.smmulator.regs.adreno.A3xx.BANK_WINDOW_BYTES;
import static org.smmulator.regs.adreno.A3xx.CP_HW_FAULT;
import static org.smmulator.regs.adreno.A3xx.CP_IB1_BASE;
import static org.smmulator.regs.adreno.A3xx.CP_IB1_BUFSZ;
import static org.smmulator.regs.adreno.A3xx.CP_IB2_BASE;
import static org.smmulator.regs.adreno.A3xx.CP_IB2_BUFSZ;
import static org.smmulator.regs.adreno.A3xx.CP_ME_CNTL;
import static org.smmulator.regs.adreno.A3xx.CP_PROTECT;
import static org.smmulator.regs.adreno.A3xx.CP_PROTECT_CTRL;
import static org.smmulator.regs.adreno.A3xx.CP_PROTECT_STATUS;
import static org.smmulator.regs.adreno.A3xx.CP_RB_BASE;
import static org.smmulator.regs.adreno.A3xx.CP_RB_CNTL;
import static org.smmulator.regs.adreno.A3xx.CP_RB_RPTR;
import static org.smmulator.regs.adreno.A3xx.CP_RB_RPTR_ADDR;
import static org.smmulator.regs.adreno.A3xx.CP_RB_WPTR;
import static org.smmulator.regs.adreno.A3xx.CP_SCRATCH;
import static org.smmulator.regs.adreno.A3xx.INT_CACHE_FLUSH_TS;
import static org.smmulator.regs.adreno.A3xx.INT_CP_HW_FAULT;
import static org.smmulator.regs.adreno.A3xx.INT_CP_OPCODE_ERROR;
import static org.smmulator.regs.adreno.A3xx.INT_CP_REG_PROTECT_FAULT;
import static org.smmulator.regs.adreno.A3xx.INT_RB_DONE_TS;
import static org.smmulator.regs.adreno.A3xx.PROTECT_CTRL_ENABLE;
import static org.smmulator.regs.adreno.A3xx.PROTECT_CTRL_FAULT;
import static org.smmulator.regs.adreno.A3xx.RBBM_INT_0_MASK;
import static org.smmulator.regs.adreno.A3xx.RBBM_INT_0_STATUS;
import static org.smmulator.regs.adreno.A3xx.RBBM_INT_CLEAR_CMD;
import static org.smmulator.regs.adreno.A3xx.RBBM_PERFCTR_CP_0;
import static org.smmulator.regs.adreno.A3xx.RBBM_PERFCTR_RBBM_1;
import static org.smmulator.regs.adreno.A3xx.RBBM_STATUS;
import static org.smmulator.regs.adreno.A3xx.RBBM_SW_RESET_CMD;
import static org.smmulator.regs.adreno.A3xx.RB_CNTL_BLKSZ;
import static org.smmulator.regs.adreno.A3xx.RB_CNTL_BUFSZ;
import static org.smmulator.regs.adreno.A3xx.RB_CNTL_NO_UPDATE;
import static org.smmulator.regs.adreno.A3xx.STATUS_GPU_BUSY;
import static org.smmulator.regs.adreno.A3xx.UCHE_CACHE_INVALIDATE0;
import static org.smmulator.regs.adreno.A3xx.UCHE_CACHE_INVALIDATE1;
import static org.smmulator.regs.adreno.A3xx.WINDOW_BYTES;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;

/**
 * The registers of an A3xx, and the window in them through which it reaches the registers of its
 * context bank. The window leads to that one bank; beyond it there is nothing.
 */
final class A3xxRegisters extends GpuRegisters {
  /** CP_HW_FAULT when a fetch of commands aborted; a number of this model's. */
  private static final int FETCH_ABORTED = 1;

  private static final int MAX_RING_LOG2 = 20;

  private final RegisterFile file;
  private final MmioTarget bank;

  A3xxRegisters(
      AdrenoConfig config,
      GpuClock clock,
      Timebase timebase,
      IrqPin irq,
      Control control,
      MmioTarget bank) {
    super(
        config,
        clock,
        timebase,
        irq,
        control,
        new Interrupts(RBBM_INT_0_STATUS, RBBM_INT_0_MASK, INT_CACHE_FLUSH_TS, INT_RB_DONE_TS));
    this.bank = bank;
    this.file =
        RegisterFile.builder(WINDOW_BYTES)
            .command(RBBM_SW_RESET_CMD, this::softReset)
            .readOnly(RBBM_STATUS)
            .command(RBBM_INT_CLEAR_CMD, this::clearInterrupts)
            .onWrite(RBBM_INT_0_MASK, value -> drivePin())
            .readOnly(RBBM_INT_0_STATUS)
            .readWrite(CP_RB_BASE)
            .readWrite(CP_RB_CNTL)
            .readWrite(CP_RB_RPTR_ADDR)
            .onRead(CP_RB_RPTR, control::readPointer)
            .onWrite(CP_RB_WPTR, value -> control.doorbell())
            .onWrite(CP_ME_CNTL, this::haltControl)
            .readOnly(CP_IB1_BASE)
            .onRead(CP_IB1_BUFSZ, () -> control.remaining(1))
            .readOnly(CP_IB2_BASE)
            .onRead(CP_IB2_BUFSZ, () -> control.remaining(2))
            .readOnly(CP_HW_FAULT)
            .readWrite(CP_PROTECT_CTRL)
            .readOnly(CP_PROTECT_STATUS)
            .readWrite(CP_PROTECT)
            .readWrite(CP_SCRATCH)
            .readWrite(UCHE_CACHE_INVALIDATE0)
            .readWrite(UCHE_CACHE_INVALIDATE1)
            .build();
  }

  @Override
  RegisterFile file() {
    return file;
  }

  private static boolean isInBank(int offset) {
    return offset >= BANK_WINDOW && offset < BANK_WINDOW + BANK_WINDOW_BYTES;
  }

  @Override
  public int read32(int offset) {
    if (isInBank(offset)) {
      return bank.read32(offset - BANK_WINDOW);
    }
    if (isIn(RBBM_PERFCTR_CP_0.offset(), offset)) {
      return half(coreCycles(), RBBM_PERFCTR_CP_0.offset(), offset);
    }
    if (isIn(RBBM_PERFCTR_RBBM_1.offset(), offset)) {
      return half(clock.busyCycles(), RBBM_PERFCTR_RBBM_1.offset(), offset);
    }
    return file.read32(offset);
  }

  @Override
  public void write32(int offset, int value) {
    if (isInBank(offset)) {
      bank.write32(offset - BANK_WINDOW, value);
    } else {
      file.write32(offset, value);
    }
  }

  private void haltControl(int value) {
    if (value == 0) {
      control.start();
    }
  }

  // ---- the ring

  @Override
  long ringBase() {
    return Integer.toUnsignedLong(get(CP_RB_BASE));
  }

  @Override
  int ringDwords() {
    return 2 << Math.min(RB_CNTL_BUFSZ.get(get(CP_RB_CNTL)), MAX_RING_LOG2);
  }

  @Override
  int writePointer() {
    return get(CP_RB_WPTR);
  }

  @Override
  long shadowIova() {
    return RB_CNTL_NO_UPDATE.isSet(get(CP_RB_CNTL))
        ? 0
        : Integer.toUnsignedLong(get(CP_RB_RPTR_ADDR));
  }

  @Override
  int blockDwords() {
    return 2 << RB_CNTL_BLKSZ.get(get(CP_RB_CNTL));
  }

  @Override
  void showBuffer(int level, long iova, int dwords) {
    set(level == 1 ? CP_IB1_BASE : CP_IB2_BASE, (int) iova);
  }

  @Override
  void showBusy(boolean busy) {
    set(RBBM_STATUS, busy ? STATUS_GPU_BUSY.mask() : 0);
  }

  // ---- errors and events

  @Override
  void opcodeError(int header) {
    raise(INT_CP_OPCODE_ERROR);
  }

  @Override
  void fetchError() {
    set(CP_HW_FAULT, FETCH_ABORTED);
    raise(INT_CP_HW_FAULT);
  }

  @Override
  boolean isProtected(int register, boolean load) {
    return PROTECT_CTRL_ENABLE.isSet(get(CP_PROTECT_CTRL))
        && TrapRanges.trap(file, CP_PROTECT, register, load);
  }

  @Override
  boolean refused(int register, boolean load) {
    set(CP_PROTECT_STATUS, register << 2 | (load ? 0 : 1 << 24));
    boolean stops = PROTECT_CTRL_FAULT.isSet(get(CP_PROTECT_CTRL));
    if (stops) {
      raise(INT_CP_REG_PROTECT_FAULT);
    }
    return stops;
  }
}
