/**
 * Buffers: objects, the handles that files have to them, and where they can be mapped.
 *
 * <p>Start at {@link org.smmulator.drm.gem.GemObject}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct drm_gem_object}</td><td>{@link org.smmulator.drm.gem.GemObject}</td></tr>
 *   <tr><td>{@code drm_file.object_idr}</td><td>{@link org.smmulator.drm.gem.GemHandles}</td></tr>
 *   <tr><td>{@code drm_prime.c}</td><td>{@link org.smmulator.drm.gem.GemPrime}, {@link
 *       org.smmulator.drm.gem.PrimeImport}</td></tr>
 *   <tr><td>{@code drm_device.object_name_idr}</td><td>{@link
 *       org.smmulator.drm.gem.GemNames}</td></tr>
 *   <tr><td>{@code drm_gem_object.gpuva.list}</td><td>{@link org.smmulator.drm.gem.GemVmBo}</td></tr>
 *   <tr><td>{@code drm_vma_manager.c}</td><td>{@link org.smmulator.drm.gem.VmaOffsetManager}</td></tr>
 *   <tr><td>{@code struct drm_gem_lru}</td><td>{@link org.smmulator.drm.gem.GemLru}</td></tr>
 *   <tr><td>{@code drm_gem_get_pages()}</td><td>{@link org.smmulator.drm.gem.GemPages}</td></tr>
 * </table>
 *
 * <p>Left out: dumb buffers.
 *
 * <p>Threads: handles and references change in their callers' system calls; dropping the last
 * reference may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.gem;

import org.jspecify.annotations.NullMarked;
