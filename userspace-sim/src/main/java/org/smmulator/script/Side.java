package org.smmulator.script;

/** The side of the system call border that a process of a scenario is on. */
public enum Side {
  /** A process: it has memory and descriptors, and reaches the kernel by system calls. */
  USER("a process of 'processes:'"),
  /** A kernel thread: it calls what drivers call, and has neither memory of its own nor files. */
  KERNEL("a driver of 'kernel:'");

  private final String words;

  Side(String words) {
    this.words = words;
  }

  /** Its name with an article, for messages. */
  String words() {
    return words;
  }
}
