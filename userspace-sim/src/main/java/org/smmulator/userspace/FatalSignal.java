package org.smmulator.userspace;

/**
 * The signals that end a process here, by their numbers on arm64. Kernel: {@code
 * include/uapi/asm-generic/signal.h}.
 */
public enum FatalSignal {
  SIGBUS(7),
  SIGKILL(9),
  SIGSEGV(11),
  SIGTERM(15);

  private final int number;

  FatalSignal(int number) {
    this.number = number;
  }

  /** The number of the signal. */
  public int number() {
    return number;
  }

  /** True for a signal that a process gets for an access of its own to memory. */
  static boolean isFault(int number) {
    return number == SIGSEGV.number || number == SIGBUS.number;
  }

  /** The name of a signal, for people. */
  public static String nameOf(int number) {
    for (FatalSignal signal : values()) {
      if (signal.number == number) {
        return signal.name();
      }
    }
    return "signal " + number;
  }
}
