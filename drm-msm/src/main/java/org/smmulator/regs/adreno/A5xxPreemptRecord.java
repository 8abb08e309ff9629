package org.smmulator.regs.adreno;

/**
 * The memory in which an A5xx keeps a ring that is not running: byte offsets. The driver fills it,
 * and the command processor saves a ring to it and restores one from it. Kernel: {@code struct
 * a5xx_preempt_record}.
 */
public final class A5xxPreemptRecord {
  /** All of it; the rest is the command processor's. */
  public static final int SIZE_BYTES = 64 * 1024;

  /** The values of performance counters, saved apart. */
  public static final int COUNTERS_BYTES = 16 * 4;

  public static final int MAGIC_VALUE = 0x27c4bafc;
  public static final int MAGIC = 0;

  /** The type of the record. */
  public static final int INFO = 4;

  public static final int DATA = 8;

  /** CP_RB_CNTL. */
  public static final int CNTL = 12;

  /** CP_RB_RPTR. */
  public static final int RPTR = 16;

  /** CP_RB_WPTR. */
  public static final int WPTR = 20;

  /** CP_RB_RPTR_ADDR. */
  public static final int RPTR_ADDR = 24;

  /** CP_RB_BASE. */
  public static final int RBASE = 32;

  /** The address of the counters. */
  public static final int COUNTER = 40;

  private A5xxPreemptRecord() {}
}
