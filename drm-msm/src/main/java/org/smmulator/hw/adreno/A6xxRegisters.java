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
import static org.smmulator.regs.adreno.A6xx.CP_INT_HW_FAULT_ERROR;
import static org.smmulator.regs.adreno.A6xx.CP_INT_OPCODE_ERROR;
import static org.smmulator.regs.adreno.A6xx.CP_INT_REGISTER_PROTECTION_ERROR;
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
import static org.smmulator.regs.adreno.A6xx.HANG_INT_CYCLES;
import static org.smmulator.regs.adreno.A6xx.HANG_INT_ENABLE;
import static org.smmulator.regs.adreno.A6xx.INT_CACHE_FLUSH_TS;
import static org.smmulator.regs.adreno.A6xx.INT_CP_HW_ERROR;
import static org.smmulator.regs.adreno.A6xx.INT_HANG_DETECT;
import static org.smmulator.regs.adreno.A6xx.INT_RB_DONE_TS;
import static org.smmulator.regs.adreno.A6xx.PROTECT_BASE_ADDR;
import static org.smmulator.regs.adreno.A6xx.PROTECT_CNTL_ACCESS_PROT_EN;
import static org.smmulator.regs.adreno.A6xx.PROTECT_CNTL_FAULT_ON_VIOL_EN;
import static org.smmulator.regs.adreno.A6xx.PROTECT_CNTL_LAST_SPAN_INF_RANGE;
import static org.smmulator.regs.adreno.A6xx.PROTECT_MASK_LEN;
import static org.smmulator.regs.adreno.A6xx.PROTECT_READ;
import static org.smmulator.regs.adreno.A6xx.PROTECT_STATUS_READ;
import static org.smmulator.regs.adreno.A6xx.PROTECT_STATUS_REGISTER;
import static org.smmulator.regs.adreno.A6xx.RBBM_INTERFACE_HANG_INT_CNTL;
import static org.smmulator.regs.adreno.A6xx.RBBM_INT_0_MASK;
import static org.smmulator.regs.adreno.A6xx.RBBM_INT_0_STATUS;
import static org.smmulator.regs.adreno.A6xx.RBBM_INT_CLEAR_CMD;
import static org.smmulator.regs.adreno.A6xx.RBBM_PERFCTR_CP_0;
import static org.smmulator.regs.adreno.A6xx.RBBM_PERFCTR_SRAM_INIT_CMD;
import static org.smmulator.regs.adreno.A6xx.RBBM_PERFCTR_SRAM_INIT_STATUS;
import static org.smmulator.regs.adreno.A6xx.RBBM_STATUS;
import static org.smmulator.regs.adreno.A6xx.RBBM_STATUS3;
import static org.smmulator.regs.adreno.A6xx.RBBM_SW_RESET_CMD;
import static org.smmulator.regs.adreno.A6xx.RB_CNTL_BLKSZ;
import static org.smmulator.regs.adreno.A6xx.RB_CNTL_BUFSZ;
import static org.smmulator.regs.adreno.A6xx.RB_CNTL_NO_UPDATE;
import static org.smmulator.regs.adreno.A6xx.STATUS3_SMMU_STALLED_ON_FAULT;
import static org.smmulator.regs.adreno.A6xx.STATUS_GPU_BUSY;
import static org.smmulator.regs.adreno.A6xx.UCHE_CLIENT_PF;
import static org.smmulator.regs.adreno.A6xx.WINDOW_BYTES;

import java.util.function.IntSupplier;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Field;
import org.smmulator.regs.adreno.A6xxBlit;

/** The registers of an A6xx. */
final class A6xxRegisters extends GpuRegisters {
  /** CP_HW_FAULT when a fetch of commands aborted; a number of this model's. */
  private static final int FETCH_ABORTED = 1;

  private static final int MAX_RING_LOG2 = 20;

  private final RegisterFile file;
  private int countersCleared;
  private int stops;

  A6xxRegisters(
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
            .readWrite(RBBM_INTERFACE_HANG_INT_CNTL)
            .command(RBBM_PERFCTR_SRAM_INIT_CMD, this::clearCounters)
            .readOnly(RBBM_PERFCTR_SRAM_INIT_STATUS)
            .readWrite(CP_RB_BASE)
            .readWrite(CP_RB_CNTL)
            .readWrite(CP_RB_RPTR_ADDR)
            .onRead(CP_RB_RPTR, control::readPointer)
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
            .readWrite(A6xxBlit.GRAS_A2D_BLT_CNTL)
            .readWrite(A6xxBlit.GRAS_A2D_SRC_XMIN)
            .readWrite(A6xxBlit.GRAS_A2D_SRC_XMAX)
            .readWrite(A6xxBlit.GRAS_A2D_SRC_YMIN)
            .readWrite(A6xxBlit.GRAS_A2D_SRC_YMAX)
            .readWrite(A6xxBlit.GRAS_A2D_DEST_TL)
            .readWrite(A6xxBlit.GRAS_A2D_DEST_BR)
            .readWrite(A6xxBlit.GRAS_A2D_SCISSOR_TL)
            .readWrite(A6xxBlit.GRAS_A2D_SCISSOR_BR)
            .readWrite(A6xxBlit.RB_A2D_BLT_CNTL)
            .readWrite(A6xxBlit.RB_A2D_PIXEL_CNTL)
            .readWrite(A6xxBlit.RB_A2D_DEST_BUFFER_INFO)
            .readWrite(A6xxBlit.RB_A2D_DEST_BUFFER_BASE)
            .readWrite(A6xxBlit.RB_A2D_DEST_BUFFER_PITCH)
            .readWrite(A6xxBlit.RB_A2D_CLEAR_COLOR)
            .readWrite(A6xxBlit.SP_A2D_OUTPUT_INFO)
            .readWrite(A6xxBlit.TPL1_A2D_SRC_TEXTURE_INFO)
            .readWrite(A6xxBlit.TPL1_A2D_SRC_TEXTURE_SIZE)
            .readWrite(A6xxBlit.TPL1_A2D_SRC_TEXTURE_BASE)
            .readWrite(A6xxBlit.TPL1_A2D_SRC_TEXTURE_PITCH)
            .build();
  }

  @Override
  RegisterFile file() {
    return file;
  }

  @Override
  public int read32(int offset) {
    if (isIn(CP_ALWAYS_ON_COUNTER.offset(), offset)) {
      return half(alwaysOnTicks(), CP_ALWAYS_ON_COUNTER.offset(), offset);
    }
    if (isIn(RBBM_PERFCTR_CP_0.offset(), offset)) {
      return half(coreCycles(), RBBM_PERFCTR_CP_0.offset(), offset);
    }
    return file.read32(offset);
  }

  private IntSupplier remaining(int level) {
    return () -> control.remaining(level);
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
            restartCounters();
            file.set(RBBM_PERFCTR_SRAM_INIT_STATUS, 1);
          }
        });
  }

  @Override
  void reset() {
    super.reset();
    countersCleared++;
    stops++;
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
  int blockDwords() {
    return 2 << RB_CNTL_BLKSZ.get(get(CP_RB_CNTL));
  }

  @Override
  void showBuffer(int level, long iova, int dwords) {
    file.set(level == 1 ? CP_IB1_BASE : CP_IB2_BASE, iova);
  }

  @Override
  void showBusy(boolean busy) {
    set(RBBM_STATUS, busy ? STATUS_GPU_BUSY.of(1) : 0);
  }

  // ---- errors and events

  @Override
  void opcodeError(int header) {
    set(CP_SQE_STAT_DATA, header);
    set(CP_HW_FAULT, 0);
    raiseError(CP_INT_OPCODE_ERROR);
  }

  @Override
  void fetchError() {
    set(CP_HW_FAULT, FETCH_ABORTED);
    raiseError(CP_INT_HW_FAULT_ERROR);
  }

  /** Records an error of the command processor, and raises its interrupt. */
  private void raiseError(Field error) {
    set(CP_INTERRUPT_STATUS, get(CP_INTERRUPT_STATUS) | error.mask());
    raise(INT_CP_HW_ERROR);
  }

  @Override
  boolean isProtected(int register, boolean load) {
    int protect = get(CP_PROTECT_CNTL);
    if (!PROTECT_CNTL_ACCESS_PROT_EN.isSet(protect)) {
      return false;
    }
    int last = CP_PROTECT.count() - 1;
    boolean lastIsOpen = PROTECT_CNTL_LAST_SPAN_INF_RANGE.isSet(protect);
    for (int i = 0; i <= last; i++) {
      int range = file.get(CP_PROTECT, i);
      if (range == 0 || (load && !PROTECT_READ.isSet(range))) {
        continue; // a range that was never set up, or that forbids stores only
      }
      int beyondFirst = register - PROTECT_BASE_ADDR.get(range);
      boolean open = i == last && lastIsOpen;
      if (beyondFirst >= 0 && (open || beyondFirst <= PROTECT_MASK_LEN.get(range))) {
        return true;
      }
    }
    return false;
  }

  @Override
  boolean refused(int register, boolean load) {
    set(
        CP_PROTECT_STATUS,
        PROTECT_STATUS_REGISTER.of(register) | PROTECT_STATUS_READ.of(load ? 1 : 0));
    boolean stops = PROTECT_CNTL_FAULT_ON_VIOL_EN.isSet(get(CP_PROTECT_CNTL));
    if (stops) {
      raiseError(CP_INT_REGISTER_PROTECTION_ERROR);
    }
    return stops;
  }

  /** {@inheritDoc} After a time that software chose that is a hang. */
  @Override
  void standStill() {
    int hangControl = get(RBBM_INTERFACE_HANG_INT_CNTL);
    if (!HANG_INT_ENABLE.isSet(hangControl)) {
      return;
    }
    int mine = ++stops;
    long ns = HANG_INT_CYCLES.get(hangControl) * NS_PER_SECOND / config.coreHz();
    timebase.after(
        ns,
        () -> {
          if (mine == stops) {
            raise(INT_HANG_DETECT);
          }
        });
  }
}
