package org.smmulator.kernel.task;

/**
 * A stretch of virtual time that one context at a time can spend: a CPU, or an engine's own time.
 */
final class Cpu {
  private final int number;
  private long busyUntilNs;

  Cpu(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  long busyUntilNs() {
    return busyUntilNs;
  }

  /** Spends {@code ns} from the first free moment at or after {@code nowNs}; returns its end. */
  long spend(long nowNs, long ns) {
    busyUntilNs = Math.max(nowNs, busyUntilNs) + ns;
    return busyUntilNs;
  }
}
