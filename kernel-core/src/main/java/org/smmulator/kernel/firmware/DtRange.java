package org.smmulator.kernel.firmware;

/**
 * One entry of a {@code reg} property.
 *
 * @param base the CPU's physical address, translated through every bus above
 */
public record DtRange(long base, long sizeBytes) {}
