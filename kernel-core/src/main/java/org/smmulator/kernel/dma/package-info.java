/**
 * The DMA API: how a driver makes memory reachable for its device.
 *
 * <p>Start at {@link org.smmulator.kernel.dma.DmaOps}.
 */
@NullMarked
package org.smmulator.kernel.dma;

import org.jspecify.annotations.NullMarked;
