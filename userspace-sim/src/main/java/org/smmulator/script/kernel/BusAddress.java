package org.smmulator.script.kernel;

/** A place as a device finds it. */
@FunctionalInterface
public interface BusAddress {
  /** The address that the device puts on the bus. */
  long address();
}
