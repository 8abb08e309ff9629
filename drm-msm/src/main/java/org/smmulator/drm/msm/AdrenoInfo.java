package org.smmulator.drm.msm;

/**
 * The catalogue's entry of one GPU model, parts of which clients ask for. Kernel: {@code struct
 * adreno_info}.
 *
 * @param name as the log has it, such as {@code 6.3.0.2}
 * @param gpuId such as 630
 * @param rings how many rings there are
 * @param vaBytes the size of a file's address space
 * @param hasCachedCoherent whether it snoops the CPU's caches for buffers that ask for it
 * @param ubwcSwizzle which levels of swizzling compressed buffers have
 */
public record AdrenoInfo(
    String name,
    int gpuId,
    long chipId,
    long gmemBytes,
    long gmemBase,
    long maxFreqHz,
    int rings,
    boolean hasCachedCoherent,
    long vaStart,
    long vaBytes,
    int highestBankBit,
    int ubwcSwizzle,
    long ucheTrapBase) {}
