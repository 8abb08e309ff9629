package org.smmulator.kernel.task;

/**
 * The simulated kernel cannot go on. Kernel: {@code panic()}. Ends the machine; nobody catches it.
 */
public final class KernelPanic extends RuntimeException {
  public KernelPanic(String message) {
    super(message);
  }
}
