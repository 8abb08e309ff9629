/**
 * Error numbers, and the one checked exception that carries them.
 *
 * <p>Start at {@link org.smmulator.kernel.errno.ErrnoException}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code include/uapi/asm-generic/errno.h}, {@code include/linux/errno.h}</td><td>{@link
 *       org.smmulator.kernel.errno.Errno}</td></tr>
 *   <tr><td>{@code return -EINVAL}</td><td>{@code throw EINVAL.because(...)}</td></tr>
 * </table>
 *
 * <p>An errno becomes a negative number in one place only, the syscall boundary ({@code
 * kernel.process.Syscalls}).
 *
 * <p>Left out: messages by number, as of {@code strerror()}; the reason of an exception is for
 * logs.
 *
 * <p>Threads: values, for any context.
 *
 * <p>Public API: {@link org.smmulator.kernel.errno.Errno} and {@link
 * org.smmulator.kernel.errno.ErrnoException}; what else is here may change with any release.
 */
@NullMarked
package org.smmulator.kernel.errno;

import org.jspecify.annotations.NullMarked;
