/**
 * Open files, descriptor tables, and the one tree of nodes: {@code /dev}, {@code /sys}, debugfs,
 * {@code /proc}.
 *
 * <p>Start at {@link org.smmulator.kernel.fs.FileOperations}, what a driver implements, and {@link
 * org.smmulator.kernel.fs.NodeTree}, where it puts it.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct file}, {@code struct file_operations}</td><td>{@link
 *       org.smmulator.kernel.fs.OpenFile}, {@link org.smmulator.kernel.fs.FileOperations}</td></tr>
 *   <tr><td>{@code struct files_struct}, {@code get_unused_fd_flags()}</td><td>{@link
 *       org.smmulator.kernel.fs.FileTable}</td></tr>
 *   <tr><td>devtmpfs, sysfs, debugfs, procfs</td><td>{@link
 *       org.smmulator.kernel.fs.NodeTree}</td></tr>
 *   <tr><td>{@code seq_file}, a sysfs attribute</td><td>{@link
 *       org.smmulator.kernel.fs.Node.TextFile}</td></tr>
 *   <tr><td>{@code fs/eventfd.c}</td><td>{@link org.smmulator.kernel.fs.EventFd}</td></tr>
 * </table>
 *
 * <p>Left out: users other than root and everybody else, O_CLOEXEC, nodes that processes make.
 *
 * <p>Threads: file operations run in the caller's context and may block; poll listeners are called
 * in any context, a hard interrupt too, and must not.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.fs;

import org.jspecify.annotations.NullMarked;
