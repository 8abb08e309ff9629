package org.smmulator.hw.adreno;

/**
 * The costs of the command processor's work in virtual time. All in nanoseconds.
 *
 * @param wakeNs from the doorbell to the first packet
 * @param packetNs decoding any packet
 * @param dwordNs each dword of payload, fetch included
 * @param cacheEventNs an event that flushes or invalidates a cache
 * @param tableSwitchNs the wires to the SMMU, and its invalidation
 * @param pollNs from the first look at a polled location to the second
 * @param maxPollNs the most between two looks, but for long waits: the pause doubles up to it, so
 *     that a wait stays cheap to simulate
 * @param contextSwitchNs saving a ring and restoring another
 * @param sramInitNs clearing the performance counters
 */
public record CpCosts(
    long wakeNs,
    long packetNs,
    long dwordNs,
    long cacheEventNs,
    long tableSwitchNs,
    long pollNs,
    long maxPollNs,
    long contextSwitchNs,
    long sramInitNs) {

  /** Round numbers of the right magnitude, not measured on a device. */
  public static CpCosts typical() {
    return new CpCosts(200, 10, 2, 500, 1_000, 100, 10_000, 2_000, 300);
  }
}
