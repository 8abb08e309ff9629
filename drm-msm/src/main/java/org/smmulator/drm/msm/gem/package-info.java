/**
 * Clients' buffers: their pages, their places in address spaces, and who may share them.
 *
 * <p>Start at {@link org.smmulator.drm.msm.gem.MsmGemObject}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_gem.c}, {@code struct msm_gem_object}</td><td>{@link
 *       org.smmulator.drm.msm.gem.MsmGemObject}</td></tr>
 *   <tr><td>{@code sync_for_device()}, {@code sync_for_cpu()}</td><td>{@link
 *       org.smmulator.drm.msm.gem.BufferMemory}</td></tr>
 * </table>
 *
 * <p>Left out: the shrinker, and buffers of other devices.
 *
 * <p>Threads: pages and places of a buffer change under the lock of its reservation, places under
 * that of their address space too.
 */
@NullMarked
package org.smmulator.drm.msm.gem;

import org.jspecify.annotations.NullMarked;
