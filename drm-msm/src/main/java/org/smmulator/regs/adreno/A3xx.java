package org.smmulator.regs.adreno;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of an Adreno 3xx that feed it with commands. Kernel: {@code a3xx.xml}, and the ones
 * in common with A2xx in {@code adreno_common.xml}.
 *
 * <p>The database and the packets count registers in dwords, and so do the numbers below; the map
 * holds bytes, as a driver's window does.
 */
public final class A3xx {
  /** The size of the register window. */
  public static final int WINDOW_BYTES = 0x20000;

  /**
   * The place of the registers of the GPU's context bank in its own register space, in bytes.
   * Source: {@code KGSL_IOMMU_V2_AHB_BASE_OFFSET} of Qualcomm's kernels, "fixed", which "points to
   * ContextBank1".
   */
  public static final int BANK_WINDOW = 0xa000;

  public static final int BANK_WINDOW_BYTES = 0x1000;

  private static final RegisterMap GPU = new RegisterMap("A3XX");

  // ---- RBBM

  public static final Reg32 RBBM_SW_RESET_CMD = reg("RBBM_SW_RESET_CMD", 0x018);
  public static final Reg32 RBBM_STATUS = reg("RBBM_STATUS", 0x030);
  public static final Field STATUS_GPU_BUSY = RBBM_STATUS.bit("GPU_BUSY", 31);

  /** Writing ones clears those bits of {@link #RBBM_INT_0_STATUS}. */
  public static final Reg32 RBBM_INT_CLEAR_CMD = reg("RBBM_INT_CLEAR_CMD", 0x061);

  public static final Reg32 RBBM_INT_0_MASK = reg("RBBM_INT_0_MASK", 0x063);
  public static final Reg32 RBBM_INT_0_STATUS = reg("RBBM_INT_0_STATUS", 0x064);
  public static final Field INT_RBBM_AHB_ERROR = RBBM_INT_0_STATUS.bit("RBBM_AHB_ERROR", 1);
  public static final Field INT_ATB_BUS_OVERFLOW =
      RBBM_INT_0_STATUS.bit("RBBM_ATB_BUS_OVERFLOW", 5);
  public static final Field INT_CP_T0_PACKET_IN_IB = RBBM_INT_0_STATUS.bit("CP_T0_PACKET_IN_IB", 8);
  public static final Field INT_CP_OPCODE_ERROR = RBBM_INT_0_STATUS.bit("CP_OPCODE_ERROR", 9);
  public static final Field INT_CP_RESERVED_BIT_ERROR =
      RBBM_INT_0_STATUS.bit("CP_RESERVED_BIT_ERROR", 10);
  public static final Field INT_CP_HW_FAULT = RBBM_INT_0_STATUS.bit("CP_HW_FAULT", 11);
  public static final Field INT_CP_IB2 = RBBM_INT_0_STATUS.bit("CP_IB2_INT", 13);
  public static final Field INT_CP_IB1 = RBBM_INT_0_STATUS.bit("CP_IB1_INT", 14);
  public static final Field INT_CP_RB = RBBM_INT_0_STATUS.bit("CP_RB_INT", 15);
  public static final Field INT_CP_REG_PROTECT_FAULT =
      RBBM_INT_0_STATUS.bit("CP_REG_PROTECT_FAULT", 16);
  public static final Field INT_RB_DONE_TS = RBBM_INT_0_STATUS.bit("CP_RB_DONE_TS", 17);
  public static final Field INT_CACHE_FLUSH_TS = RBBM_INT_0_STATUS.bit("CACHE_FLUSH_TS", 20);
  public static final Field INT_CP_AHB_ERROR_HALT = RBBM_INT_0_STATUS.bit("CP_AHB_ERROR_HALT", 21);
  public static final Field INT_UCHE_OOB = RBBM_INT_0_STATUS.bit("UCHE_OOB_ACCESS", 25);

  /** Counter 0 of the command processor's, which counts core clocks unless told otherwise. */
  public static final Reg64 RBBM_PERFCTR_CP_0 = reg64("RBBM_PERFCTR_CP_0", 0x090);

  /** Counts cycles in which the GPU is busy. Kernel: {@code a3xx_gpu_busy()}. */
  public static final Reg64 RBBM_PERFCTR_RBBM_1 = reg64("RBBM_PERFCTR_RBBM_1", 0x094);

  // ---- CP

  public static final Reg32 CP_RB_BASE = reg("CP_RB_BASE", 0x1c0);
  public static final Reg32 CP_RB_CNTL = reg("CP_RB_CNTL", 0x1c1);

  /** Log2 of the ring's size in 8-byte words. */
  public static final Field RB_CNTL_BUFSZ = CP_RB_CNTL.bits("BUFSZ", 5, 0);

  /** Log2, in 8-byte words, of how far the read pointer moves between two updates in memory. */
  public static final Field RB_CNTL_BLKSZ = CP_RB_CNTL.bits("BLKSZ", 13, 8);

  /** The read pointer is not copied to memory. */
  public static final Field RB_CNTL_NO_UPDATE = CP_RB_CNTL.bit("NO_UPDATE", 27);

  public static final Reg32 CP_RB_RPTR_ADDR = reg("CP_RB_RPTR_ADDR", 0x1c3);
  public static final Reg32 CP_RB_RPTR = reg("CP_RB_RPTR", 0x1c4);

  /** The doorbell: where the driver's dwords end, in dwords from the ring's start. */
  public static final Reg32 CP_RB_WPTR = reg("CP_RB_WPTR", 0x1c5);

  /** Writing 0 lets the micro engine out of its halt. */
  public static final Reg32 CP_ME_CNTL = reg("CP_ME_CNTL", 0x1f6);

  public static final Reg32 CP_IB1_BASE = reg("CP_IB1_BASE", 0x458);

  /** Dwords of the first-level indirect buffer still to run. */
  public static final Reg32 CP_IB1_BUFSZ = reg("CP_IB1_BUFSZ", 0x459);

  public static final Reg32 CP_IB2_BASE = reg("CP_IB2_BASE", 0x45a);
  public static final Reg32 CP_IB2_BUFSZ = reg("CP_IB2_BUFSZ", 0x45b);
  public static final Reg32 CP_HW_FAULT = reg("CP_HW_FAULT", 0x45c);

  /**
   * Turns the ranges of {@link #CP_PROTECT} on.
   *
   * @implNote Unverified: what bits 0 to 2 mean, which the driver writes as ones; here bit 0
   *     enables the ranges and bit 1 has a violation stop the command processor, as on an A6xx.
   */
  public static final Reg32 CP_PROTECT_CTRL = reg("CP_PROTECT_CTRL", 0x45e);

  public static final Field PROTECT_CTRL_ENABLE = CP_PROTECT_CTRL.bit("ENABLE", 0);
  public static final Field PROTECT_CTRL_FAULT = CP_PROTECT_CTRL.bit("FAULT", 1);

  /**
   * The last access that was refused.
   *
   * @implNote Unverified: its fields; here they are an A5xx's.
   */
  public static final Reg32 CP_PROTECT_STATUS = reg("CP_PROTECT_STATUS", 0x45f);

  /** Ranges that packets may not touch in protected mode. */
  public static final Reg32 CP_PROTECT = array("CP_PROTECT", 0x460, 16);

  /** The first register, as a byte offset: bits 1:0 are zero. */
  public static final Field PROTECT_BASE = CP_PROTECT.bits("BASE_ADDR", 19, 0);

  /** Log2 of how many registers. */
  public static final Field PROTECT_MASK_LEN = CP_PROTECT.bits("MASK_LEN", 28, 24);

  public static final Field PROTECT_TRAP_WRITE = CP_PROTECT.bit("TRAP_WRITE", 29);
  public static final Field PROTECT_TRAP_READ = CP_PROTECT.bit("TRAP_READ", 30);

  public static final Reg32 CP_SCRATCH = array("CP_SCRATCH_REG", 0x578, 8);

  /** Invalidates UCHE from an address on. */
  public static final Reg32 UCHE_CACHE_INVALIDATE0 = reg("UCHE_CACHE_INVALIDATE0_REG", 0xea0);

  /** Which part of UCHE, and what is done; the second half of the command. */
  public static final Reg32 UCHE_CACHE_INVALIDATE1 = reg("UCHE_CACHE_INVALIDATE1_REG", 0xea1);

  private A3xx() {}

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
