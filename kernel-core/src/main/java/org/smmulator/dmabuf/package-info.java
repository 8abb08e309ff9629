/**
 * Fences, and which of them a buffer's users must wait for.
 *
 * <p>Start at {@link org.smmulator.dmabuf.Fence}, then {@link org.smmulator.dmabuf.Reservation}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-fence.c}</td><td>{@link
 *       org.smmulator.dmabuf.Fence}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-fence-array.c}</td><td>{@link
 *       org.smmulator.dmabuf.FenceContexts#all}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/dma-resv.c}</td><td>{@link
 *       org.smmulator.dmabuf.Reservation}</td></tr>
 *   <tr><td>{@code drm_exec.c}</td><td>{@link
 *       org.smmulator.dmabuf.ReservationClass#lockAll}</td></tr>
 *   <tr><td>{@code drivers/dma-buf/sync_file.c}</td><td>{@link
 *       org.smmulator.dmabuf.SyncFile}</td></tr>
 * </table>
 *
 * <p>Left out: sharing buffers between devices (PRIME), fence chains, {@code enable_signaling}: a
 * fence here costs nothing until somebody waits.
 *
 * <p>Threads: a fence may be signalled from any context, a hard interrupt included, and its
 * callbacks run there, so they must not block. Waiting blocks. A reservation's fences are added
 * under its lock and read without it.
 */
@NullMarked
package org.smmulator.dmabuf;

import org.jspecify.annotations.NullMarked;
