package org.smmulator.regs.adreno;

/** The events of EVENT_WRITE, and the flags beside them. Kernel: {@code enum vgt_event_type}. */
public final class Pm4Event {
  public static final int CACHE_FLUSH_TS = 0x04;
  public static final int CACHE_FLUSH = 0x06;

  /** A3xx. */
  public static final int HLSQ_FLUSH = 0x07;

  public static final int RB_DONE_TS = 0x16;
  public static final int PC_CCU_INVALIDATE_DEPTH = 0x18;
  public static final int PC_CCU_INVALIDATE_COLOR = 0x19;
  public static final int PC_CCU_FLUSH_DEPTH_TS = 0x1c;
  public static final int PC_CCU_FLUSH_COLOR_TS = 0x1d;
  public static final int LRZ_FLUSH = 0x26;
  public static final int CACHE_INVALIDATE = 0x31;

  /** The bits of the first dword that name the event. */
  public static final int EVENT_MASK = 0xff;

  /** Store the always-on counter, 64 bits, instead of the packet's value. */
  public static final int TIMESTAMP = 1 << 30;

  /** Raise the event's interrupt when it is done. */
  public static final int IRQ = 1 << 31;

  private Pm4Event() {}
}
