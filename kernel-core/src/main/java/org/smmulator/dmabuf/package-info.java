/**
 * Fences, which of them a buffer's users must wait for, and buffers as files.
 *
 * <p>Start at {@link org.smmulator.dmabuf.Fence}, then {@link org.smmulator.dmabuf.Reservation}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-fence.c}</td><td>{@link
 *       org.smmulator.dmabuf.Fence}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-fence-array.c}</td><td>{@link
 *       org.smmulator.dmabuf.FenceArray}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-fence-chain.c}</td><td>{@link
 *       org.smmulator.dmabuf.FenceChain}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-fence-unwrap.c}</td><td>{@link
 *       org.smmulator.dmabuf.FenceUnwrap}</td></tr>
 *   <tr><td>{@code dma_fence_context_alloc()}, {@code dma_fence_get_stub()}</td><td>{@link
 *       org.smmulator.dmabuf.FenceContexts}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-resv.c}</td><td>{@link
 *       org.smmulator.dmabuf.Reservation}</td></tr>
 *   <tr><td>{@code drm_exec.c}</td><td>{@link
 *       org.smmulator.dmabuf.ReservationClass#lockAll}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-buf.c}</td><td>{@link
 *       org.smmulator.dmabuf.DmaBuf}, {@link org.smmulator.dmabuf.DmaBufAttachment}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/sync_file.c}</td><td>{@link
 *       org.smmulator.dmabuf.SyncFile}</td></tr>
 * </table>
 *
 * <p>Left out: importers that let a buffer move while they are attached, arrays that signal with
 * any of their fences (no driver here makes one), and the counting of fences: they live as long as
 * somebody has them.
 *
 * <p>Threads: a fence may be signalled from any context, a hard interrupt included, and its
 * callbacks run there, so they must not block. Waiting blocks. A reservation's fences are added
 * under its lock and read without it.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.dmabuf;

import org.jspecify.annotations.NullMarked;
