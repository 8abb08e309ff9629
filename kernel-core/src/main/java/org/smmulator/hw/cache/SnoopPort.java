package org.smmulator.hw.cache;

/** The CPUs' caches, as the accesses of a coherent device find them on their way to memory. */
@FunctionalInterface
public interface SnoopPort {
  /**
   * An access to bytes of the page at {@code pa} passes. When this returns memory has what the CPUs
   * wrote there and, for a store, the CPUs will fetch from memory what they read next.
   *
   * @param pa any address in the page; ignored if it is not memory
   */
  void snoop(long pa, boolean store);
}
