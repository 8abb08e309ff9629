/**
 * Address spaces of GPUs: which addresses stand for what, and what a request changes of that.
 *
 * <p>Start at {@link org.smmulator.drm.gpuvm.GpuVm}, then {@link org.smmulator.drm.gpuvm.GpuVaOp}.
 * An address space has mappings ({@link org.smmulator.drm.gpuvm.GpuVa}); those of one object are
 * held together by a {@link org.smmulator.drm.gpuvm.GpuVmBo}.
 *
 * <p>An object that is in one address space only can share its reservation, and is locked with it
 * at no cost. An object that others use too has a reservation of its own, is external, and is
 * locked each time the whole address space is.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drm_gpuvm.c}, {@code struct drm_gpuvm}, {@code struct drm_gpuvm_ops}</td><td>
 *       {@link org.smmulator.drm.gpuvm.GpuVm}</td></tr>
 *   <tr><td>{@code struct drm_gpuva}</td><td>{@link org.smmulator.drm.gpuvm.GpuVa}</td></tr>
 *   <tr><td>{@code struct drm_gpuvm_bo}</td><td>{@link
 *       org.smmulator.drm.gpuvm.GpuVmBo}</td></tr>
 *   <tr><td>{@code struct drm_gpuva_op}, {@code struct drm_gpuva_ops}</td><td>{@link
 *       org.smmulator.drm.gpuvm.GpuVaOp}, and lists of them</td></tr>
 *   <tr><td>{@code drm_gpuvm_resv_object_alloc()}</td><td>{@link
 *       org.smmulator.drm.gpuvm.ResvObject}</td></tr>
 * </table>
 *
 * <p>Left out: {@code DRM_GPUVM_RESV_PROTECTED}, which spares spinlocks that are none here; {@code
 * DRM_GPUVM_IMMEDIATE_MODE} and what is deferred for it, which no driver here uses; hooks by which
 * a driver allocates steps and objects in address spaces of its own type.
 *
 * <p>Threads: the driver serialises what changes the mappings of one address space, by its
 * reservation or by a lock of its own. The objects in it change under the locks of their
 * reservations.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.gpuvm;

import org.jspecify.annotations.NullMarked;
