package org.smmulator.hw.smmuv3;

import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv3.Queue;

/**
 * A queue that the SMMU fills and software empties: of events, or of page requests. Arm IHI 0070,
 * 3.5.
 */
final class OutputQueue {
  private final Dram dram;
  private final int entryWords;
  private final int maxLog2;
  private final InterruptOutput interrupt;
  private final ErrorRegister errors;
  private final int writeError;
  private final int messageError;

  private boolean enabled;
  private long base;
  private int log2;
  private int prod;
  private int cons;

  /**
   * Makes a queue that is off.
   *
   * @param writeError the bit of GERROR for an entry that could not be written
   * @param messageError the bit of GERROR for a message that could not be sent
   */
  OutputQueue(
      Dram dram,
      int entryBytes,
      int maxLog2,
      InterruptOutput interrupt,
      ErrorRegister errors,
      int writeError,
      int messageError) {
    this.dram = dram;
    this.entryWords = entryBytes / Long.BYTES;
    this.maxLog2 = maxLog2;
    this.interrupt = interrupt;
    this.errors = errors;
    this.writeError = writeError;
    this.messageError = messageError;
  }

  boolean isEnabled() {
    return enabled;
  }

  /** Turns the queue on or off; where it is, is taken over when it is turned on. */
  void enable(boolean now, long qBase) {
    if (now && !enabled) {
      base = qBase & Queue.BASE_ADDR.mask();
      log2 = Math.min(Queue.BASE_LOG2SIZE.getInt(qBase), maxLog2);
    }
    enabled = now;
    settle();
  }

  int prod() {
    return prod;
  }

  int cons() {
    return cons;
  }

  /** A store to PROD, which is the hardware's own while the queue is on. */
  void setProd(int value) {
    if (!enabled) {
      prod = value;
    }
  }

  /** A store to CONS: software has seen what is before it. */
  void setCons(int value) {
    cons = value;
    settle();
  }

  /** Returns whether an entry would be taken. */
  boolean hasRoom() {
    return enabled && !Queue.isFull(prod, cons, log2);
  }

  /** Returns whether an entry was lost and software has not acknowledged that. */
  boolean isOverflowing() {
    return ((prod ^ cons) & Queue.OVERFLOW) != 0;
  }

  /** Returns whether entries are lost until software clears an error. */
  boolean isBroken() {
    return errors.isActive(writeError);
  }

  /**
   * Appends an entry. Into a full queue it is not written, and the overflow flag says that one was
   * lost; so it is if the queue is off or broken, without a flag.
   */
  boolean offer(long[] entry) {
    if (!enabled || isBroken()) {
      return false;
    }
    if (!hasRoom()) {
      overflow();
      return false;
    }
    long at = base + (long) Queue.index(prod, log2) * entryWords * Long.BYTES;
    if (!dram.covers(at, (long) entryWords * Long.BYTES)) {
      errors.raise(writeError);
      return false;
    }
    for (int i = 0; i < entryWords; i++) {
      dram.putLong(at + (long) i * Long.BYTES, entry[i]);
    }
    boolean wasEmpty = Queue.isEmpty(prod, cons, log2);
    prod = Queue.next(prod, log2);
    if (wasEmpty) {
      announce();
    }
    settle();
    return true;
  }

  private void overflow() {
    if (!isOverflowing()) {
      prod ^= Queue.OVERFLOW;
      announce();
    }
  }

  private void announce() {
    if (!interrupt.pulse()) {
      errors.raise(messageError);
    }
  }

  private void settle() {
    interrupt.level(enabled && !Queue.isEmpty(prod, cons, log2));
  }
}
