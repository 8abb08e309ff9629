/**
 * The structs and ioctl numbers of {@code include/uapi/linux/sync_file.h} and {@code
 * include/uapi/linux/dma-buf.h}.
 *
 * <p>Start at {@link org.smmulator.uapi.dmabuf.SyncIoctl} and {@link
 * org.smmulator.uapi.dmabuf.DmaBufIoctl}, the numbers.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.uapi.dmabuf;

import org.jspecify.annotations.NullMarked;
