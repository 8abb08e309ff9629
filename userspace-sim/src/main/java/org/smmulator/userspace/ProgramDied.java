package org.smmulator.userspace;

/** A spawned program has died of a fault of its own that nobody expected. */
public final class ProgramDied extends AssertionError {
  private final int pid;
  private final String signal;

  ProgramDied(String process, int pid, String signal) {
    super("%s died of %s".formatted(process, signal));
    this.pid = pid;
    this.signal = signal;
  }

  /** The pid of the process, which is not used again. */
  public int pid() {
    return pid;
  }

  /** The name of the signal: {@code SIGSEGV}. */
  public String signal() {
    return signal;
  }
}
