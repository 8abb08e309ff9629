package org.smmulator.hw.bus;

/**
 * A CPU's load or store that no device answered.
 *
 * <p>On arm64 it is a synchronous external abort, and the kernel dies of it. So it is not for a
 * driver to catch: it ends the machine as a panic.
 */
public final class ExternalAbort extends RuntimeException {
  public ExternalAbort(String message) {
    super(message);
  }
}
