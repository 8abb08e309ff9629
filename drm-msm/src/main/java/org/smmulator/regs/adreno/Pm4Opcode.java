package org.smmulator.regs.adreno;

/**
 * The opcodes of type-7 packets, and of the type-3 packets before them. Kernel: {@code enum
 * adreno_pm4_type3_packets}.
 */
public final class Pm4Opcode {
  public static final int NOP = 0x10;
  public static final int WAIT_MEM_WRITES = 0x12;
  public static final int WAIT_FOR_ME = 0x13;

  /** Waits until a dword in memory is at least a reference; later WAIT_TIMESTAMP. */
  public static final int WAIT_MEM_GTE = 0x14;

  public static final int THREAD_CONTROL = 0x17;
  public static final int DRAW_PRED_ENABLE_GLOBAL = 0x19;
  public static final int DRAW_PRED_ENABLE_LOCAL = 0x1a;

  /** Also YIELD_ENABLE. */
  public static final int PREEMPT_ENABLE = 0x1c;

  public static final int SKIP_IB2_ENABLE_GLOBAL = 0x1d;
  public static final int PREEMPT_TOKEN = 0x1e;
  public static final int RESET_CONTEXT_STATE = 0x1f;

  /** A3xx and A5xx. */
  public static final int DRAW_INDX = 0x22;

  public static final int SKIP_IB2_ENABLE_LOCAL = 0x23;
  public static final int DRAW_AUTO = 0x24;

  /** A3xx. */
  public static final int SET_STATE = 0x25;

  public static final int REG_RMW = 0x21;
  public static final int WAIT_FOR_IDLE = 0x26;
  public static final int DRAW_INDIRECT = 0x28;
  public static final int DRAW_INDX_INDIRECT = 0x29;
  public static final int DRAW_INDIRECT_MULTI = 0x2a;
  public static final int BLIT = 0x2c;

  /** A3xx. */
  public static final int SET_CONSTANT = 0x2d;

  public static final int SET_BIN_DATA5 = 0x2f;

  /** A3xx; LOAD_STATE4 until A5xx. */
  public static final int LOAD_STATE = 0x30;

  public static final int RUN_OPENCL = 0x31;
  public static final int LOAD_STATE6_GEOM = 0x32;
  public static final int EXEC_CS = 0x33;
  public static final int LOAD_STATE6_FRAG = 0x34;
  public static final int SET_SUBDRAW_SIZE = 0x35;

  /** A3xx; {@link #LOAD_STATE6} since A6xx. */
  public static final int DRAW_INDX_2 = 0x36;

  public static final int LOAD_STATE6 = 0x36;
  public static final int INDIRECT_BUFFER_PFD = 0x37;
  public static final int DRAW_INDX_OFFSET = 0x38;

  /** A register and a bit of it: the predicate of {@link #COND_REG_EXEC}. */
  public static final int REG_TEST = 0x39;

  public static final int INVALIDATE_STATE = 0x3b;
  public static final int WAIT_REG_MEM = 0x3c;

  /** Address low, high, then the dwords to store. */
  public static final int MEM_WRITE = 0x3d;

  public static final int REG_TO_MEM = 0x3e;

  /** Address low, high, size in dwords 19:0. */
  public static final int INDIRECT_BUFFER = 0x3f;

  public static final int EXEC_CS_INDIRECT = 0x41;
  public static final int MEM_TO_REG = 0x42;
  public static final int SET_DRAW_STATE = 0x43;

  /** Two addresses, a reference, and how many dwords to skip if the condition fails. */
  public static final int COND_EXEC = 0x44;

  public static final int COND_WRITE5 = 0x45;
  public static final int EVENT_WRITE = 0x46;

  /** A condition, and how many of the dwords that follow to pass over unless it holds. */
  public static final int COND_REG_EXEC = 0x47;

  public static final int ME_INIT = 0x48;
  public static final int SET_DRAW_INIT_FLAGS = 0x4b;
  public static final int DRAW_PRED_SET = 0x4e;
  public static final int WAIT_REG_EQ = 0x52;

  /** TTBR0 low; TTBR0 high 15:0 and ASID 31:16; CONTEXTIDR; context bank. */
  public static final int SMMU_TABLE_UPDATE = 0x53;

  public static final int SET_AMBLE = 0x55;
  public static final int SET_PSEUDO_REG = 0x56;

  /** An INDIRECT_BUFFER that does not return. */
  public static final int INDIRECT_BUFFER_CHAIN = 0x57;

  public static final int WAIT_UNTIL_READ = 0x5c;
  public static final int WAIT_IB_PFD_COMPLETE = 0x5d;
  public static final int CONTEXT_UPDATE = 0x5e;

  /** One dword: 1 on, 0 off. */
  public static final int SET_PROTECTED_MODE = 0x5f;

  /** Stores the read pointer at an address: low, high. */
  public static final int WHERE_AM_I = 0x62;

  public static final int SET_MODE = 0x63;
  public static final int SET_VISIBILITY_OVERRIDE = 0x64;
  public static final int SET_MARKER = 0x65;
  public static final int SET_SECURE_MODE = 0x66;

  /** A5xx: whether a ring may be preempted. */
  public static final int PREEMPT_ENABLE_GLOBAL = 0x69;

  /** A5xx: whether it may be within an indirect buffer. */
  public static final int PREEMPT_ENABLE_LOCAL = 0x6a;

  public static final int CONTEXT_SWITCH_YIELD = 0x6b;

  /** A5xx. */
  public static final int SET_RENDER_MODE = 0x6c;

  /** A tracker, a register, a value. */
  public static final int REG_WRITE = 0x6d;

  /**
   * Two registers and a reference: until the first is not zero, or the second not the reference.
   */
  public static final int WAIT_TWO_REGS = 0x70;

  public static final int TEST_TWO_MEMS = 0x71;
  public static final int MEM_TO_MEM = 0x73;

  /** Dwords, source low, high, destination low, high. */
  public static final int MEMCPY = 0x75;

  /** A3xx: a register, then the dwords that it and those after it take. */
  public static final int REG_WR_NO_CTXT = 0x78;

  private Pm4Opcode() {}
}
