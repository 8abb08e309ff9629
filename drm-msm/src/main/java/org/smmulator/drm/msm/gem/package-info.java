/**
 * Clients' buffers: their pages, their places in address spaces, and who may share them.
 *
 * <p>Start at {@link org.smmulator.drm.msm.gem.MsmGemObject}; its pages go when memory is short:
 * {@link org.smmulator.drm.msm.gem.MsmShrinker}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_gem.c}, {@code struct msm_gem_object}</td><td>{@link
 *       org.smmulator.drm.msm.gem.MsmGemObject}</td></tr>
 *   <tr><td>{@code sync_for_device()}, {@code sync_for_cpu()}</td><td>{@link
 *       org.smmulator.drm.msm.gem.BufferMemory}</td></tr>
 *   <tr><td>{@code msm_gem_prime.c}</td><td>{@link
 *       org.smmulator.drm.msm.gem.MsmGemObject#imported}</td></tr>
 *   <tr><td>{@code msm_gem_shrinker.c}</td><td>{@link
 *       org.smmulator.drm.msm.gem.MsmShrinker}</td></tr>
 *   <tr><td>{@code msm_drm_private.lru}, {@code .objects}</td><td>{@link
 *       org.smmulator.drm.msm.gem.MsmGemLists}</td></tr>
 * </table>
 *
 * <p>What the CPU maps write-combined is handed to the GPU once, when it gets its pages, and is
 * uncached from then on. What it maps cached is the client's care: the ioctls around CPU access
 * clean nothing, as in Linux. A buffer that is cached and coherent is mapped so that the GPU
 * snoops.
 *
 * <p>A buffer of another device is an object as well: its pages are the exporter's, stay where they
 * are, and go back when the object does. One of ours that another device is attached to keeps its
 * pages too.
 *
 * <p>Left out: a mapping in the kernel for the importer of one of ours ({@code
 * msm_gem_prime_vmap()}), since no importer here draws with the CPU.
 *
 * <p>Threads: pages and places of a buffer change under the lock of its reservation, places under
 * that of their address space too.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm.gem;

import org.jspecify.annotations.NullMarked;
