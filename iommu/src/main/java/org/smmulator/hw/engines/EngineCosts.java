package org.smmulator.hw.engines;

/**
 * The cost of an engine's work in virtual nanoseconds.
 *
 * @param startNs from a command to the first access
 * @param burstNs to move one burst of at most {@link #BURST_BYTES} bytes, besides the translation
 */
public record EngineCosts(long startNs, long burstNs) {
  /** The longest run of bytes that an engine moves without looking up. */
  public static final int BURST_BYTES = 512;
}
