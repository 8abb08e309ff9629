/**
 * Processes, and the system calls that they make.
 *
 * <p>Start at {@link org.smmulator.kernel.process.Syscalls}: numbers go in, numbers come out, and
 * here alone an errno becomes one. {@link org.smmulator.kernel.process.UserAccess} is the process's
 * own code touching its own memory.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct task_struct} with its mm and files</td><td>{@link
 *       org.smmulator.kernel.process.Process}</td></tr>
 *   <tr><td>{@code kernel_clone()}, {@code do_exit()}, the pid table</td><td>{@link
 *       org.smmulator.kernel.process.ProcessTable}</td></tr>
 *   <tr><td>{@code SYSCALL_DEFINE...}</td><td>{@link
 *       org.smmulator.kernel.process.Syscalls}</td></tr>
 *   <tr><td>{@code ksys_read()}, {@code vfs_ioctl()}</td><td>{@link
 *       org.smmulator.kernel.process.FileCalls}</td></tr>
 *   <tr><td>{@code fs/proc/base.c}</td><td>{@link org.smmulator.kernel.process.ProcFs}</td></tr>
 * </table>
 *
 * <p>Left out: threads within a process, parents that wait for children, signal handlers (every
 * signal is fatal), execve: a process's code is the Java that it was given.
 *
 * <p>Threads: a call is made in its process's context and may block. Killing may block too, because
 * it releases what a process without a thread holds.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.process;

import org.jspecify.annotations.NullMarked;
