package org.smmulator.regs.adreno;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of an Adreno 5xx that feed it with commands. Kernel: {@code a5xx.xml}.
 *
 * <p>The database and the packets count registers in dwords, and so do the numbers below; the map
 * holds bytes, as a driver's window does. The fields of CP_RB_CNTL and CP_PROTECT are those of
 * {@code adreno_common.xml}; those of CP_PROTECT_STATUS are as {@code a5xx_cp_err_irq()} reads
 * them.
 */
public final class A5xx {
  /** The size of the register space that packets reach; software's window is shorter. */
  public static final int WINDOW_BYTES = 0x40000;

  private static final RegisterMap GPU = new RegisterMap("A5XX");

  // ---- RBBM

  /** Writing ones clears those bits of {@link #RBBM_INT_0_STATUS}. */
  public static final Reg32 RBBM_INT_CLEAR_CMD = reg("RBBM_INT_CLEAR_CMD", 0x037);

  public static final Reg32 RBBM_INT_0_MASK = reg("RBBM_INT_0_MASK", 0x038);
  public static final Reg32 RBBM_SW_RESET_CMD = reg("RBBM_SW_RESET_CMD", 0x043);

  /** Resets blocks apart, among them the interface to the bus. */
  public static final Reg32 RBBM_BLOCK_SW_RESET_CMD = reg("RBBM_BLOCK_SW_RESET_CMD", 0x045);

  /** Counter 0 of the command processor's, which counts core clocks unless told otherwise. */
  public static final Reg64 RBBM_PERFCTR_CP_0 = reg64("RBBM_PERFCTR_CP_0", 0x3a0);

  /** Counts cycles in which the GPU is busy, if it is told to. Kernel: {@code a5xx_gpu_busy()}. */
  public static final Reg64 RBBM_PERFCTR_RBBM_0 = reg64("RBBM_PERFCTR_RBBM_0", 0x3b0);

  public static final Reg32 RBBM_PERFCTR_RBBM_SEL_0 = reg("RBBM_PERFCTR_RBBM_SEL_0", 0x46b);

  /** The selection that counts busy cycles. Kernel: {@code a5xx_hw_init()}. */
  public static final int SELECT_BUSY = 6;

  /** Counts 19.2 MHz ticks since power on. */
  public static final Reg64 RBBM_ALWAYSON_COUNTER = reg64("RBBM_ALWAYSON_COUNTER", 0x4d2);

  public static final Reg32 RBBM_INT_0_STATUS = reg("RBBM_INT_0_STATUS", 0x4e1);
  public static final Field INT_RBBM_AHB_ERROR = RBBM_INT_0_STATUS.bit("RBBM_AHB_ERROR", 1);
  public static final Field INT_CP_SW = RBBM_INT_0_STATUS.bit("CP_SW", 8);
  public static final Field INT_CP_HW_ERROR = RBBM_INT_0_STATUS.bit("CP_HW_ERROR", 9);
  public static final Field INT_RB_DONE_TS = RBBM_INT_0_STATUS.bit("CP_RB_DONE_TS", 17);
  public static final Field INT_CACHE_FLUSH_TS = RBBM_INT_0_STATUS.bit("CP_CACHE_FLUSH_TS", 20);
  public static final Field INT_HANG_DETECT = RBBM_INT_0_STATUS.bit("MISC_HANG_DETECT", 23);
  public static final Field INT_UCHE_OOB = RBBM_INT_0_STATUS.bit("UCHE_OOB_ACCESS", 24);

  public static final Reg32 RBBM_STATUS = reg("RBBM_STATUS", 0x4f5);

  /** The host's own traffic on the register bus; an idle check leaves it out. */
  public static final Field STATUS_HI_BUSY = RBBM_STATUS.bit("HI_BUSY", 0);

  public static final Field STATUS_GPU_BUSY = RBBM_STATUS.bit("GPU_BUSY_IGN_AHB", 31);
  public static final Reg32 RBBM_STATUS3 = reg("RBBM_STATUS3", 0x530);
  public static final Field STATUS3_SMMU_STALLED_ON_FAULT =
      RBBM_STATUS3.bit("SMMU_STALLED_ON_FAULT", 24);

  // ---- CP

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

  /** Selects the word that {@link #CP_PFP_STAT_DATA} shows next. */
  public static final Reg32 CP_PFP_STAT_ADDR = reg("CP_PFP_STAT_ADDR", 0x808);

  public static final Reg32 CP_PFP_STAT_DATA = reg("CP_PFP_STAT_DATA", 0x809);

  /** Bit 0 has what the ring's packets do count as privileged (APRIV). */
  public static final Reg32 CP_CNTL = reg("CP_CNTL", 0x831);

  /** Writing 0 lets the micro engine out of its halt. */
  public static final Reg32 CP_PFP_ME_CNTL = reg("CP_PFP_ME_CNTL", 0x832);

  /** Writing 1 asks for a switch to another ring; it reads 0 again when that has happened. */
  public static final Reg32 CP_CONTEXT_SWITCH_CNTL = reg("CP_CONTEXT_SWITCH_CNTL", 0x83b);

  /** The address of the record of the ring that is switched to. */
  public static final Reg64 CP_CONTEXT_SWITCH_RESTORE_ADDR =
      reg64("CP_CONTEXT_SWITCH_RESTORE_ADDR", 0x83c);

  /** The address that a preempted ring's state is saved to. */
  public static final Reg64 CP_CONTEXT_SWITCH_SAVE_ADDR =
      reg64("CP_CONTEXT_SWITCH_SAVE_ADDR", 0x83e);

  /** The address of the table that is loaded with the ring; 0 for none. */
  public static final Reg64 CP_CONTEXT_SWITCH_SMMU_INFO =
      reg64("CP_CONTEXT_SWITCH_SMMU_INFO", 0x840);

  /** Ranges that packets may not touch in protected mode. */
  public static final Reg32 CP_PROTECT = array("CP_PROTECT", 0x880, 32);

  /** The first register, as a byte offset: bits 1:0 are zero. */
  public static final Field PROTECT_BASE = CP_PROTECT.bits("BASE_ADDR", 19, 0);

  /** Log2 of how many registers. */
  public static final Field PROTECT_MASK_LEN = CP_PROTECT.bits("MASK_LEN", 28, 24);

  public static final Field PROTECT_TRAP_WRITE = CP_PROTECT.bit("TRAP_WRITE", 29);
  public static final Field PROTECT_TRAP_READ = CP_PROTECT.bit("TRAP_READ", 30);

  /**
   * Turns the ranges on.
   *
   * @implNote Unverified: what bits 0 to 2 mean, which the driver writes as ones; here bit 0
   *     enables the ranges and bit 1 has a violation stop the command processor, as on an A6xx.
   */
  public static final Reg32 CP_PROTECT_CNTL = reg("CP_PROTECT_CNTL", 0x8a0);

  public static final Field PROTECT_CNTL_ENABLE = CP_PROTECT_CNTL.bit("ENABLE", 0);
  public static final Field PROTECT_CNTL_FAULT = CP_PROTECT_CNTL.bit("FAULT", 1);

  public static final Reg32 CP_INTERRUPT_STATUS = reg("CP_INTERRUPT_STATUS", 0xb18);
  public static final Field CP_INT_OPCODE_ERROR = CP_INTERRUPT_STATUS.bit("CP_OPCODE_ERROR", 0);
  public static final Field CP_INT_HW_FAULT_ERROR = CP_INTERRUPT_STATUS.bit("CP_HW_FAULT_ERROR", 2);
  public static final Field CP_INT_DMA_ERROR = CP_INTERRUPT_STATUS.bit("CP_DMA_ERROR", 3);
  public static final Field CP_INT_REGISTER_PROTECTION_ERROR =
      CP_INTERRUPT_STATUS.bit("CP_REGISTER_PROTECTION_ERROR", 4);
  public static final Reg32 CP_HW_FAULT = reg("CP_HW_FAULT", 0xb1a);

  /** The last access that was refused: a byte offset, and whether it was a store. */
  public static final Reg32 CP_PROTECT_STATUS = reg("CP_PROTECT_STATUS", 0xb1c);

  public static final Field PROTECT_STATUS_ADDR = CP_PROTECT_STATUS.bits("ADDR", 19, 0);
  public static final Field PROTECT_STATUS_WRITE = CP_PROTECT_STATUS.bit("WRITE", 24);
  public static final Reg64 CP_IB1_BASE = reg64("CP_IB1_BASE", 0xb1f);

  /** Dwords of the first-level indirect buffer still to run. */
  public static final Reg32 CP_IB1_BUFSZ = reg("CP_IB1_BUFSZ", 0xb21);

  public static final Reg64 CP_IB2_BASE = reg64("CP_IB2_BASE", 0xb22);
  public static final Reg32 CP_IB2_BUFSZ = reg("CP_IB2_BUFSZ", 0xb24);
  public static final Reg32 CP_SCRATCH = array("CP_SCRATCH", 0xb78, 8);

  // ---- VBIF, the interface to the bus

  /** A one has a port take no more accesses. */
  public static final Reg32 VBIF_XIN_HALT_CTRL0 = reg("VBIF_XIN_HALT_CTRL0", 0x3080);

  /** A one says that a port has stopped. */
  public static final Reg32 VBIF_XIN_HALT_CTRL1 = reg("VBIF_XIN_HALT_CTRL1", 0x3081);

  // ---- GPMU, the switches of the power domains within

  public static final Reg32 GPMU_SP_POWER_CNTL = reg("GPMU_SP_POWER_CNTL", 0xa881);
  public static final Reg32 GPMU_RBCCU_POWER_CNTL = reg("GPMU_RBCCU_POWER_CNTL", 0xa887);
  public static final Reg32 GPMU_SP_PWR_CLK_STATUS = reg("GPMU_SP_PWR_CLK_STATUS", 0xa88b);
  public static final Reg32 GPMU_RBCCU_PWR_CLK_STATUS = reg("GPMU_RBCCU_PWR_CLK_STATUS", 0xa88d);

  /** The domain has power; the same in both registers. */
  public static final Field PWR_CLK_STATUS_PWR_ON = GPMU_SP_PWR_CLK_STATUS.bit("PWR_ON", 20);

  private A5xx() {}

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
