package org.smmulator.userspace;

/**
 * The signals that end a process that handles none, by their numbers on arm64. Kernel: {@code
 * include/uapi/asm-generic/signal.h}.
 */
public enum FatalSignal {
  SIGHUP(1),
  SIGINT(2),
  SIGQUIT(3),
  SIGILL(4),
  SIGTRAP(5),
  SIGABRT(6),
  SIGBUS(7),
  SIGFPE(8),
  SIGKILL(9),
  SIGUSR1(10),
  SIGSEGV(11),
  SIGUSR2(12),
  SIGPIPE(13),
  SIGALRM(14),
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
