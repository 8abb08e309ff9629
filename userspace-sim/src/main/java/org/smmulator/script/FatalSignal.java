package org.smmulator.script;

/**
 * The signals that end a process here, by their numbers on arm64. Kernel: {@code
 * include/uapi/asm-generic/signal.h}.
 */
enum FatalSignal {
  SIGBUS(7),
  SIGKILL(9),
  SIGSEGV(11),
  SIGTERM(15);

  private final int number;

  FatalSignal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The name of a signal, for people. */
  static String nameOf(int number) {
    for (FatalSignal signal : values()) {
      if (signal.number == number) {
        return signal.name();
      }
    }
    return "signal " + number;
  }
}
