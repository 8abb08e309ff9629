package org.smmulator.machine.kernel;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.dma.Swiotlb;

/**
 * The kernel's bounce buffers, if it has any.
 *
 * @param pool null if all memory is within reach of 32 bits
 */
public record BouncePool(@Nullable Swiotlb pool) {}
