package org.smmulator.kernel.device;

/**
 * A run of memory as a bus shows it to the devices on it. Kernel: {@code struct bus_dma_region}.
 *
 * @param cpuStart where the CPU has it, a physical address
 * @param dmaStart where the bus has it
 */
public record DmaRange(long cpuStart, long dmaStart, long sizeBytes) {}
