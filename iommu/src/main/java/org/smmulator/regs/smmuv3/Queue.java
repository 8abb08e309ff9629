package org.smmulator.regs.smmuv3;

import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Word64;

/**
 * How the command, event and PRI queues count. Arm IHI 0070, 3.5.1. Kernel: {@code Q_IDX()}, {@code
 * Q_WRP()}, {@code Q_OVF()}.
 *
 * <pre>
 *  31  30    24 23     n+1 n   n n-1      0
 * +---+--------+----------+-----+----------+
 * |OVF| ERR    |    0     |wrap |  index   |   PROD and CONS of a queue of 1 &lt;&lt; n entries
 * +---+--------+----------+-----+----------+
 * </pre>
 *
 * <p>The wrap bit changes whenever the index goes round: equal indexes mean empty if the wrap bits
 * are equal, and full if not. OVF is in the event and PRI queues only: the SMMU toggles it in PROD
 * when it had to drop an entry, and software copies it to CONS when it has seen that.
 */
public final class Queue {
  private static final Word64 BASE = new Word64("Q_BASE");

  public static final Field64 BASE_LOG2SIZE = BASE.bits("LOG2SIZE", 4, 0);
  public static final Field64 BASE_ADDR = BASE.bits("ADDR", 51, 5);

  /** A hint to allocate in caches: read-allocate, or write-allocate. */
  public static final Field64 BASE_RWA = BASE.bit("RWA", 62);

  public static final int OVERFLOW = 1 << 31;

  public static final int CMD_BYTES = 16;
  public static final int EVT_BYTES = 32;
  public static final int PRI_BYTES = 16;

  private Queue() {}

  /** Which entry {@code pointer} points at. */
  public static int index(int pointer, int log2Size) {
    return pointer & ((1 << log2Size) - 1);
  }

  /** {@code pointer}, one entry further; the bits above the wrap bit stay. */
  public static int next(int pointer, int log2Size) {
    int counter = counter(log2Size);
    return (pointer & ~counter) | ((pointer + 1) & counter);
  }

  public static boolean isEmpty(int prod, int cons, int log2Size) {
    return ((prod ^ cons) & counter(log2Size)) == 0;
  }

  public static boolean isFull(int prod, int cons, int log2Size) {
    return ((prod ^ cons) & counter(log2Size)) == 1 << log2Size;
  }

  /** The index and the wrap bit. */
  public static int counter(int log2Size) {
    return (2 << log2Size) - 1;
  }
}
