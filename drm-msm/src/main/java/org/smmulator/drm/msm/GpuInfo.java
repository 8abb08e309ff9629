package org.smmulator.drm.msm;

/**
 * What the driver knows of a GPU model from its catalogue, and tells clients. Kernel: {@code struct
 * adreno_info}.
 *
 * @param name as the log has it, such as {@code 6.3.0.2}
 * @param gpuId such as 630
 * @param rings how many rings there are
 * @param vaBytes the size of a file's address space
 * @param ubwcSwizzle which levels of swizzling compressed buffers have
 */
public record GpuInfo(
    String name,
    int gpuId,
    long chipId,
    long gmemBytes,
    long gmemBase,
    long maxFreqHz,
    int rings,
    long vaStart,
    long vaBytes,
    int highestBankBit,
    int ubwcSwizzle,
    long ucheTrapBase) {}
