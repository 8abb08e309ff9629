/**
 * Shared buffers that no device made.
 *
 * <p>Start at {@link org.smmulator.dmabuf.heap.SystemHeap}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-heap.c}</td><td>{@link
 *       org.smmulator.dmabuf.heap.SystemHeap}</td></tr>
 *   <tr><td>{@code struct system_heap_buffer}</td><td>{@code SystemHeapBuffer}</td></tr>
 * </table>
 *
 * <p>Left out: other heaps (contiguous memory, carve-outs), and {@code vmap()} of a buffer.
 *
 * <p>Threads: any context that may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.dmabuf.heap;

import org.jspecify.annotations.NullMarked;
