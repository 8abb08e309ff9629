package org.smmulator.hw.adreno;

import static org.smmulator.regs.adreno.A5xx.CP_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_RESTORE_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_SAVE_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_CONTEXT_SWITCH_SMMU_INFO;
import static org.smmulator.regs.adreno.A5xx.CP_HW_FAULT;
import static org.smmulator.regs.adreno.A5xx.CP_IB1_BASE;
import static org.smmulator.regs.adreno.A5xx.CP_IB1_BUFSZ;
import static org.smmulator.regs.adreno.A5xx.CP_IB2_BASE;
import static org.smmulator.regs.adreno.A5xx.CP_IB2_BUFSZ;
import static org.smmulator.regs.adreno.A5xx.CP_INTERRUPT_STATUS;
import static org.smmulator.regs.adreno.A5xx.CP_INT_HW_FAULT_ERROR;
import static org.smmulator.regs.adreno.A5xx.CP_INT_OPCODE_ERROR;
import static org.smmulator.regs.adreno.A5xx.CP_INT_REGISTER_PROTECTION_ERROR;
import static org.smmulator.regs.adreno.A5xx.CP_PFP_ME_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_PFP_STAT_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_PFP_STAT_DATA;
import static org.smmulator.regs.adreno.A5xx.CP_PROTECT;
import static org.smmulator.regs.adreno.A5xx.CP_PROTECT_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_PROTECT_STATUS;
import static org.smmulator.regs.adreno.A5xx.CP_RB_BASE;
import static org.smmulator.regs.adreno.A5xx.CP_RB_CNTL;
import static org.smmulator.regs.adreno.A5xx.CP_RB_RPTR;
import static org.smmulator.regs.adreno.A5xx.CP_RB_RPTR_ADDR;
import static org.smmulator.regs.adreno.A5xx.CP_RB_WPTR;
import static org.smmulator.regs.adreno.A5xx.CP_SCRATCH;
import static org.smmulator.regs.adreno.A5xx.GPMU_RBCCU_POWER_CNTL;
import static org.smmulator.regs.adreno.A5xx.GPMU_RBCCU_PWR_CLK_STATUS;
import static org.smmulator.regs.adreno.A5xx.GPMU_SP_POWER_CNTL;
import static org.smmulator.regs.adreno.A5xx.GPMU_SP_PWR_CLK_STATUS;
import static org.smmulator.regs.adreno.A5xx.INT_CACHE_FLUSH_TS;
import static org.smmulator.regs.adreno.A5xx.INT_CP_HW_ERROR;
import static org.smmulator.regs.adreno.A5xx.INT_RB_DONE_TS;
import static org.smmulator.regs.adreno.A5xx.PROTECT_CNTL_ENABLE;
import static org.smmulator.regs.adreno.A5xx.PROTECT_CNTL_FAULT;
import static org.smmulator.regs.adreno.A5xx.PROTECT_STATUS_ADDR;
import static org.smmulator.regs.adreno.A5xx.PROTECT_STATUS_WRITE;
import static org.smmulator.regs.adreno.A5xx.PWR_CLK_STATUS_PWR_ON;
import static org.smmulator.regs.adreno.A5xx.RBBM_ALWAYSON_COUNTER;
import static org.smmulator.regs.adreno.A5xx.RBBM_BLOCK_SW_RESET_CMD;
import static org.smmulator.regs.adreno.A5xx.RBBM_INT_0_MASK;
import static org.smmulator.regs.adreno.A5xx.RBBM_INT_0_STATUS;
import static org.smmulator.regs.adreno.A5xx.RBBM_INT_CLEAR_CMD;
import static org.smmulator.regs.adreno.A5xx.RBBM_PERFCTR_CP_0;
import static org.smmulator.regs.adreno.A5xx.RBBM_PERFCTR_RBBM_0;
import static org.smmulator.regs.adreno.A5xx.RBBM_PERFCTR_RBBM_SEL_0;
import static org.smmulator.regs.adreno.A5xx.RBBM_STATUS;
import static org.smmulator.regs.adreno.A5xx.RBBM_STATUS3;
import static org.smmulator.regs.adreno.A5xx.RBBM_SW_RESET_CMD;
import static org.smmulator.regs.adreno.A5xx.RB_CNTL_BLKSZ;
import static org.smmulator.regs.adreno.A5xx.RB_CNTL_BUFSZ;
import static org.smmulator.regs.adreno.A5xx.RB_CNTL_NO_UPDATE;
import static org.smmulator.regs.adreno.A5xx.SELECT_BUSY;
import static org.smmulator.regs.adreno.A5xx.STATUS3_SMMU_STALLED_ON_FAULT;
import static org.smmulator.regs.adreno.A5xx.STATUS_GPU_BUSY;
import static org.smmulator.regs.adreno.A5xx.VBIF_XIN_HALT_CTRL0;
import static org.smmulator.regs.adreno.A5xx.VBIF_XIN_HALT_CTRL1;
import static org.smmulator.regs.adreno.A5xx.WINDOW_BYTES;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;

/** The registers of an A5xx. */
final class A5xxRegisters extends GpuRegisters {
  /** CP_HW_FAULT when a fetch of commands aborted; a number of this model's. */
  private static final int FETCH_ABORTED = 1;

  private static final int MAX_RING_LOG2 = 20;

  private final RegisterFile file;

  A5xxRegisters(
      AdrenoConfig config, GpuClock clock, Timebase timebase, IrqPin irq, Control control) {
    super(
        config,
        clock,
        timebase,
        irq,
        control,
        new Interrupts(RBBM_INT_0_STATUS, RBBM_INT_0_MASK, INT_CACHE_FLUSH_TS, INT_RB_DONE_TS));
    this.file =
        RegisterFile.builder(WINDOW_BYTES)
            .command(RBBM_INT_CLEAR_CMD, this::clearInterrupts)
            .onWrite(RBBM_INT_0_MASK, value -> drivePin())
            .command(RBBM_SW_RESET_CMD, this::softReset)
            .readOnly(RBBM_INT_0_STATUS)
            .readOnly(RBBM_STATUS)
            .onRead(
                RBBM_STATUS3, () -> STATUS3_SMMU_STALLED_ON_FAULT.of(control.isStalled() ? 1 : 0))
            .readWrite(CP_RB_BASE)
            .readWrite(CP_RB_CNTL)
            .readWrite(CP_RB_RPTR_ADDR)
            .onRead(CP_RB_RPTR, control::readPointer)
            .onWrite(CP_RB_WPTR, value -> control.doorbell())
            .readWrite(CP_PFP_STAT_ADDR)
            .readOnly(CP_PFP_STAT_DATA)
            .readWrite(CP_CNTL)
            .onWrite(CP_PFP_ME_CNTL, this::haltControl)
            .onWrite(CP_CONTEXT_SWITCH_CNTL, value -> control.switchAsked())
            .readWrite(CP_CONTEXT_SWITCH_RESTORE_ADDR)
            .readWrite(CP_CONTEXT_SWITCH_SAVE_ADDR)
            .readWrite(CP_CONTEXT_SWITCH_SMMU_INFO)
            .readWrite(CP_PROTECT)
            .readWrite(CP_PROTECT_CNTL)
            .readOnly(CP_INTERRUPT_STATUS)
            .readOnly(CP_HW_FAULT)
            .readOnly(CP_PROTECT_STATUS)
            .readOnly(CP_IB1_BASE)
            .onRead(CP_IB1_BUFSZ, () -> control.remaining(1))
            .readOnly(CP_IB2_BASE)
            .onRead(CP_IB2_BUFSZ, () -> control.remaining(2))
            .readWrite(CP_SCRATCH)
            .readWrite(RBBM_PERFCTR_RBBM_SEL_0)
            .readWrite(RBBM_BLOCK_SW_RESET_CMD)
            .readWrite(VBIF_XIN_HALT_CTRL0)
            .onRead(VBIF_XIN_HALT_CTRL1, () -> get(VBIF_XIN_HALT_CTRL0))
            .readWrite(GPMU_SP_POWER_CNTL)
            .onRead(GPMU_SP_PWR_CLK_STATUS, () -> powerStatus(GPMU_SP_POWER_CNTL))
            .readWrite(GPMU_RBCCU_POWER_CNTL)
            .onRead(GPMU_RBCCU_PWR_CLK_STATUS, () -> powerStatus(GPMU_RBCCU_POWER_CNTL))
            .build();
  }

  @Override
  RegisterFile file() {
    return file;
  }

  @Override
  public int read32(int offset) {
    if (isIn(RBBM_ALWAYSON_COUNTER.offset(), offset)) {
      return half(alwaysOnTicks(), RBBM_ALWAYSON_COUNTER.offset(), offset);
    }
    if (isIn(RBBM_PERFCTR_CP_0.offset(), offset)) {
      return half(coreCycles(), RBBM_PERFCTR_CP_0.offset(), offset);
    }
    if (isIn(RBBM_PERFCTR_RBBM_0.offset(), offset)) {
      return half(busyCycles(), RBBM_PERFCTR_RBBM_0.offset(), offset);
    }
    return file.read32(offset);
  }

  private void haltControl(int value) {
    if (value == 0) {
      control.start();
    }
  }

  @Override
  boolean isPrivileged() {
    return (get(CP_CNTL) & 1) != 0;
  }

  /** A power switch has done its work by the time that software looks. */
  private int powerStatus(Reg32 control) {
    return PWR_CLK_STATUS_PWR_ON.of(get(control) == 0 ? 0 : 1);
  }

  private long busyCycles() {
    return get(RBBM_PERFCTR_RBBM_SEL_0) == SELECT_BUSY ? clock.busyCycles() : 0;
  }

  // ---- the ring

  @Override
  long ringBase() {
    return file.get(CP_RB_BASE);
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
    return RB_CNTL_NO_UPDATE.isSet(get(CP_RB_CNTL)) ? 0 : file.get(CP_RB_RPTR_ADDR);
  }

  @Override
  long yieldShadowIova() {
    return file.get(CP_RB_RPTR_ADDR);
  }

  @Override
  int blockDwords() {
    return 2 << RB_CNTL_BLKSZ.get(get(CP_RB_CNTL));
  }

  @Override
  void showBuffer(int level, long iova, int dwords) {
    file.set(level == 1 ? CP_IB1_BASE : CP_IB2_BASE, iova);
  }

  @Override
  void showBusy(boolean busy) {
    set(RBBM_STATUS, busy ? STATUS_GPU_BUSY.mask() : 0);
  }

  // ---- errors and events

  @Override
  void opcodeError(int header) {
    set(CP_PFP_STAT_DATA, header);
    raiseError(CP_INT_OPCODE_ERROR);
  }

  @Override
  void fetchError() {
    set(CP_HW_FAULT, FETCH_ABORTED);
    raiseError(CP_INT_HW_FAULT_ERROR);
  }

  private void raiseError(Field error) {
    set(CP_INTERRUPT_STATUS, get(CP_INTERRUPT_STATUS) | error.mask());
    raise(INT_CP_HW_ERROR);
  }

  @Override
  boolean isProtected(int register, boolean load) {
    return PROTECT_CNTL_ENABLE.isSet(get(CP_PROTECT_CNTL))
        && TrapRanges.trap(file, CP_PROTECT, register, load);
  }

  @Override
  boolean refused(int register, boolean load) {
    set(
        CP_PROTECT_STATUS,
        PROTECT_STATUS_ADDR.of(register << 2) | PROTECT_STATUS_WRITE.of(load ? 0 : 1));
    boolean stops = PROTECT_CNTL_FAULT.isSet(get(CP_PROTECT_CNTL));
    if (stops) {
      raiseError(CP_INT_REGISTER_PROTECTION_ERROR);
    }
    return stops;
  }
}
