/**
 * The DMA API's calls as steps of a driver: streaming mappings, lists and coherent memory.
 *
 * <p>Start at {@link org.smmulator.script.kernel.dma.DmaMapping}; then read {@link
 * org.smmulator.script.kernel.dma.DmaVocabulary}. Each step is one call of {@link
 * org.smmulator.kernel.dma.DmaApi}.
 *
 * <p>Left out: attributes of {@code dma_map_page_attrs()}, and {@code dma_pool_create()}.
 *
 * <p>Threads: a step runs in its driver's own kernel thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kernel.dma;

import org.jspecify.annotations.NullMarked;
