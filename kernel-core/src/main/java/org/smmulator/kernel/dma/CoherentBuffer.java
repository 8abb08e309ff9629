package org.smmulator.kernel.dma;

/**
 * Memory that CPU and device both use at any time.
 *
 * @param pa where the CPU finds it, a physical address
 * @param dmaAddress where the device finds it
 * @param sizeBytes as it was asked for; the memory itself is whole pages
 */
public record CoherentBuffer(long pa, long dmaAddress, long sizeBytes) {}
