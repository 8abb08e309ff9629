/**
 * Clients of drm/msm: what libdrm_freedreno and Mesa's Turnip do on an open device node. Public
 * API.
 *
 * <p>Start at {@link org.smmulator.userspace.msm.MsmDevice}; {@link
 * org.smmulator.userspace.msm.Gpu} is the same for a story that reads aloud.
 *
 * <table>
 *   <caption>Where other names went</caption>
 *   <tr><th>libdrm, Mesa</th><th>Here</th></tr>
 *   <tr><td>{@code fd_device}, {@code fd_pipe}</td><td>{@link
 *       org.smmulator.userspace.msm.MsmDevice}</td></tr>
 *   <tr><td>{@code fd_bo}</td><td>{@link org.smmulator.userspace.msm.MsmBuffer}</td></tr>
 *   <tr><td>{@code fd_ringbuffer}, {@code tu_cs}</td><td>{@link
 *       org.smmulator.userspace.msm.Pm4Stream}</td></tr>
 * </table>
 *
 * <p>Left out: buffer caches and shaders; nothing here draws.
 *
 * <p>Threads: as {@link org.smmulator.userspace.Client}.
 *
 * <p>Public API: {@link org.smmulator.userspace.msm.Gpu}, {@link
 * org.smmulator.userspace.msm.JobPart}, {@link org.smmulator.userspace.msm.MsmBuffer}, {@link
 * org.smmulator.userspace.msm.MsmDevice}, {@link org.smmulator.userspace.msm.MsmJob} and {@link
 * org.smmulator.userspace.msm.Pm4Stream}; what else is here may change with any release.
 */
@NullMarked
package org.smmulator.userspace.msm;

import org.jspecify.annotations.NullMarked;
