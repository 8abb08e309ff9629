/**
 * Clients: what libdrm and a driver's userspace half are to a real process.
 *
 * <p>Start at {@link org.smmulator.userspace.Client}, then {@link
 * org.smmulator.userspace.MsmDevice}. A client does system calls on UAPI structs that it has
 * written into its own simulated memory, and loads and stores; it holds no kernel object.
 *
 * <table>
 *   <caption>Where other names went</caption>
 *   <tr><th>libdrm, Mesa</th><th>Here</th></tr>
 *   <tr><td>{@code fd_device}, {@code fd_pipe}</td><td>{@link
 *       org.smmulator.userspace.MsmDevice}</td></tr>
 *   <tr><td>{@code fd_bo}</td><td>{@link org.smmulator.userspace.MsmBuffer}</td></tr>
 *   <tr><td>{@code fd_ringbuffer}, {@code tu_cs}</td><td>{@link
 *       org.smmulator.userspace.CommandStream}</td></tr>
 * </table>
 *
 * <p>Left out: buffer caches, sync objects, shaders: nothing here draws.
 */
@NullMarked
package org.smmulator.userspace;

import org.jspecify.annotations.NullMarked;
