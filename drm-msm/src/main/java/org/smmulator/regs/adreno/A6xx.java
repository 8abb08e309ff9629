package org.smmulator.regs.adreno;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of an Adreno 6xx that feed it with commands. Kernel: {@code a6xx.xml}.
 *
 * <p>The database and the packets count registers in dwords, and so do the numbers below; the map
 * holds bytes, as a driver's window does. The fields of CP_RB_CNTL are those of {@code
 * adreno_common.xml}, those of CP_PROTECT are in {@code a6xx_enums.xml}.
 */
public final class A6xx {
  /** The size of the register window. */
  public static final int WINDOW_BYTES = 0x40000;

  private static final RegisterMap GPU = new RegisterMap("A6XX");

  // ---- RBBM: interrupts, reset, busy, counters

  /** When a GPU that is busy and stands still is said to hang. */
  public static final Reg32 RBBM_INTERFACE_HANG_INT_CNTL =
      reg("RBBM_INTERFACE_HANG_INT_CNTL", 0x01f);

  /**
   * How many cycles it must stand still.
   *
   * @implNote Unverified: that these bits count core cycles, and that bit 30 enables the interrupt;
   *     {@code a6xx_gpu.c} writes both together.
   */
  public static final Field HANG_INT_CYCLES = RBBM_INTERFACE_HANG_INT_CNTL.bits("CYCLES", 29, 0);

  public static final Field HANG_INT_ENABLE = RBBM_INTERFACE_HANG_INT_CNTL.bit("ENABLE", 30);

  /** Writing ones clears those bits of {@link #RBBM_INT_0_STATUS}. */
  public static final Reg32 RBBM_INT_CLEAR_CMD = reg("RBBM_INT_CLEAR_CMD", 0x037);

  public static final Reg32 RBBM_INT_0_MASK = reg("RBBM_INT_0_MASK", 0x038);
  public static final Reg32 RBBM_SW_RESET_CMD = reg("RBBM_SW_RESET_CMD", 0x043);
  public static final Reg32 RBBM_INT_0_STATUS = reg("RBBM_INT_0_STATUS", 0x201);

  public static final Field INT_IDLE = RBBM_INT_0_STATUS.bit("RBBM_GPU_IDLE", 0);
  public static final Field INT_CP_AHB_ERROR = RBBM_INT_0_STATUS.bit("CP_AHB_ERROR", 1);
  public static final Field INT_ATB_ASYNCFIFO_OVERFLOW =
      RBBM_INT_0_STATUS.bit("RBBM_ATB_ASYNCFIFO_OVERFLOW", 6);
  public static final Field INT_CP_SW = RBBM_INT_0_STATUS.bit("CP_SW", 8);
  public static final Field INT_CP_HW_ERROR = RBBM_INT_0_STATUS.bit("CP_HW_ERROR", 9);
  public static final Field INT_CP_IB2 = RBBM_INT_0_STATUS.bit("CP_IB2", 13);
  public static final Field INT_CP_IB1 = RBBM_INT_0_STATUS.bit("CP_IB1", 14);
  public static final Field INT_CP_RB = RBBM_INT_0_STATUS.bit("CP_RB", 15);
  public static final Field INT_RB_DONE_TS = RBBM_INT_0_STATUS.bit("CP_RB_DONE_TS", 17);
  public static final Field INT_CACHE_FLUSH_TS = RBBM_INT_0_STATUS.bit("CP_CACHE_FLUSH_TS", 20);
  public static final Field INT_ATB_BUS_OVERFLOW =
      RBBM_INT_0_STATUS.bit("RBBM_ATB_BUS_OVERFLOW", 22);
  public static final Field INT_HANG_DETECT = RBBM_INT_0_STATUS.bit("RBBM_HANG_DETECT", 23);
  public static final Field INT_UCHE_OOB = RBBM_INT_0_STATUS.bit("UCHE_OOB_ACCESS", 24);
  public static final Field INT_UCHE_TRAP = RBBM_INT_0_STATUS.bit("UCHE_TRAP_INTR", 25);

  public static final Reg32 RBBM_STATUS = reg("RBBM_STATUS", 0x210);

  /** The CP's own traffic on the register bus; an idle check leaves it out. */
  public static final Field STATUS_CP_AHB_BUSY_CX_MASTER =
      RBBM_STATUS.bit("CP_AHB_BUSY_CX_MASTER", 0);

  public static final Field STATUS_GPU_BUSY = RBBM_STATUS.bit("GPU_BUSY_IGN_AHB", 23);

  public static final Reg32 RBBM_STATUS3 = reg("RBBM_STATUS3", 0x213);
  public static final Field STATUS3_SMMU_STALLED_ON_FAULT =
      RBBM_STATUS3.bit("SMMU_STALLED_ON_FAULT", 24);

  /** Counter 0 of the command processor's, which counts core clocks unless told otherwise. */
  public static final Reg64 RBBM_PERFCTR_CP_0 = reg64("RBBM_PERFCTR_CP_0", 0x400);

  /** Writing 1 clears the performance counters' memory. */
  public static final Reg32 RBBM_PERFCTR_SRAM_INIT_CMD = reg("RBBM_PERFCTR_SRAM_INIT_CMD", 0x50e);

  /** Bit 0 is high when the clearing is done. */
  public static final Reg32 RBBM_PERFCTR_SRAM_INIT_STATUS =
      reg("RBBM_PERFCTR_SRAM_INIT_STATUS", 0x50f);

  // ---- CP: the ring

  public static final Reg64 CP_RB_BASE = reg64("CP_RB_BASE", 0x800);
  public static final Reg32 CP_RB_CNTL = reg("CP_RB_CNTL", 0x802);

  /** Log2 of the ring's size in 8-byte words. */
  public static final Field RB_CNTL_BUFSZ = CP_RB_CNTL.bits("BUFSZ", 5, 0);

  /** Log2, in 8-byte words, of how far the read pointer moves between two updates in memory. */
  public static final Field RB_CNTL_BLKSZ = CP_RB_CNTL.bits("BLKSZ", 13, 8);

  /** The read pointer is not copied to memory. */
  public static final Field RB_CNTL_NO_UPDATE = CP_RB_CNTL.bit("NO_UPDATE", 27);

  public static final Reg64 CP_RB_RPTR_ADDR = reg64("CP_RB_RPTR_ADDR", 0x804);
  public static final Reg32 CP_RB_RPTR = reg("CP_RB_RPTR", 0x806);

  /** The doorbell: where the driver's dwords end, in dwords from the ring's start. */
  public static final Reg32 CP_RB_WPTR = reg("CP_RB_WPTR", 0x807);

  /**
   * Writing 1 starts the command processor's microcode.
   *
   * @implNote Unverified: bit 1, which the driver writes before it captures the state; here it does
   *     nothing, and a command processor whose fault was dumped goes on, as the driver expects.
   */
  public static final Reg32 CP_SQE_CNTL = reg("CP_SQE_CNTL", 0x808);

  // ---- CP: errors

  public static final Reg32 CP_HW_FAULT = reg("CP_HW_FAULT", 0x821);
  public static final Reg32 CP_INTERRUPT_STATUS = reg("CP_INTERRUPT_STATUS", 0x823);
  public static final Field CP_INT_OPCODE_ERROR = CP_INTERRUPT_STATUS.bit("CP_OPCODE_ERROR", 0);
  public static final Field CP_INT_UCODE_ERROR = CP_INTERRUPT_STATUS.bit("CP_UCODE_ERROR", 1);
  public static final Field CP_INT_HW_FAULT_ERROR = CP_INTERRUPT_STATUS.bit("CP_HW_FAULT_ERROR", 2);
  public static final Field CP_INT_REGISTER_PROTECTION_ERROR =
      CP_INTERRUPT_STATUS.bit("CP_REGISTER_PROTECTION_ERROR", 4);

  /** The last access that was refused: register 17:0, and whether it was a load. */
  public static final Reg32 CP_PROTECT_STATUS = reg("CP_PROTECT_STATUS", 0x824);

  public static final Field PROTECT_STATUS_REGISTER = CP_PROTECT_STATUS.bits("ADDR", 17, 0);
  public static final Field PROTECT_STATUS_READ = CP_PROTECT_STATUS.bit("READ", 20);
  public static final Reg64 CP_SQE_INSTR_BASE = reg64("CP_SQE_INSTR_BASE", 0x830);

  // ---- CP: protected registers

  public static final Reg32 CP_PROTECT_CNTL = reg("CP_PROTECT_CNTL", 0x84f);
  public static final Field PROTECT_CNTL_ACCESS_PROT_EN = CP_PROTECT_CNTL.bit("ACCESS_PROT_EN", 0);
  public static final Field PROTECT_CNTL_FAULT_ON_VIOL_EN =
      CP_PROTECT_CNTL.bit("ACCESS_FAULT_ON_VIOL_EN", 1);

  /** The last range reaches to the end of the register space. */
  public static final Field PROTECT_CNTL_LAST_SPAN_INF_RANGE =
      CP_PROTECT_CNTL.bit("LAST_SPAN_INF_RANGE", 3);

  /** Ranges that packets may not touch in protected mode. */
  public static final Reg32 CP_PROTECT = array("CP_PROTECT", 0x850, 32);

  public static final Field PROTECT_BASE_ADDR = CP_PROTECT.bits("BASE_ADDR", 17, 0);

  /** How many registers follow the first one. */
  public static final Field PROTECT_MASK_LEN = CP_PROTECT.bits("MASK_LEN", 30, 18);

  /** Loads are refused too. */
  public static final Field PROTECT_READ = CP_PROTECT.bit("READ", 31);

  // ---- CP: the rest

  public static final Reg32 CP_SCRATCH = array("CP_SCRATCH", 0x883, 8);
  public static final Reg32 CP_CONTEXT_SWITCH_CNTL = reg("CP_CONTEXT_SWITCH_CNTL", 0x8a0);

  /** Selects the word that {@link #CP_SQE_STAT_DATA} shows next. */
  public static final Reg32 CP_SQE_STAT_ADDR = reg("CP_SQE_STAT_ADDR", 0x908);

  public static final Reg32 CP_SQE_STAT_DATA = reg("CP_SQE_STAT_DATA", 0x909);
  public static final Reg64 CP_IB1_BASE = reg64("CP_IB1_BASE", 0x928);

  /** Dwords of the first-level indirect buffer still to run; a hang check watches it. */
  public static final Reg32 CP_IB1_REM_SIZE = reg("CP_IB1_REM_SIZE", 0x92a);

  public static final Reg64 CP_IB2_BASE = reg64("CP_IB2_BASE", 0x92b);
  public static final Reg32 CP_IB2_REM_SIZE = reg("CP_IB2_REM_SIZE", 0x92d);

  /** Counts 19.2 MHz ticks since power on. */
  public static final Reg64 CP_ALWAYS_ON_COUNTER = reg64("CP_ALWAYS_ON_COUNTER", 0x980);

  public static final Reg32 CP_ALWAYS_ON_CONTEXT = reg("CP_ALWAYS_ON_CONTEXT", 0x982);
  public static final Reg32 UCHE_CLIENT_PF = reg("UCHE_CLIENT_PF", 0xe19);

  private A6xx() {}

  /** The register's number in packets. */
  public static int index(Reg reg) {
    return reg.offset() >>> 2;
  }

  private static Reg32 reg(String name, int index) {
    return GPU.reg32(name, index << 2);
  }

  private static Reg32 array(String name, int index, int count) {
    return GPU.array32(name, index << 2, 4, count);
  }

  private static Reg64 reg64(String name, int index) {
    return GPU.reg64(name, index << 2);
  }
}
