package org.smmulator.hw.dram;

/** An access to a physical address behind which there is no memory. */
public final class BusError extends RuntimeException {
  BusError(long pa) {
    super("no memory at pa 0x%x".formatted(pa));
  }
}
