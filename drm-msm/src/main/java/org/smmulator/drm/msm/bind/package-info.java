/**
 * VM_BIND: address spaces whose addresses the client chooses, and changes that come into force in
 * their queue's order.
 *
 * <p>Start at {@link org.smmulator.drm.msm.bind.VmBindJob}: it checks what a client asks, enters it
 * into the books of {@link org.smmulator.drm.msm.bind.BindVm} while the client waits, and changes
 * the pagetable later, in the scheduler's worker.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_gem_vma.c}, {@code struct msm_vm_bind_job}</td><td>{@link
 *       org.smmulator.drm.msm.bind.VmBindJob}</td></tr>
 *   <tr><td>{@code struct msm_vm_op}</td><td>{@link
 *       org.smmulator.drm.msm.bind.TableOp}</td></tr>
 *   <tr><td>{@code struct msm_gem_vm}, as far as it is a {@code struct drm_gpuvm}</td><td>{@link
 *       org.smmulator.drm.msm.bind.BindVm}</td></tr>
 *   <tr><td>{@code struct msm_gem_vma}</td><td>{@link org.smmulator.drm.msm.bind.BindVa}</td></tr>
 * </table>
 *
 * <p>Decision: what was to be unmapped when a job is killed is unmapped all the same, and its
 * buffers and pins are given back. Linux forgets such steps, with the references that they hold.
 *
 * <p>Left out: MAP_NULL. It needs an SMMU that drops what is written to one page (PRR), and those
 * of the boards here have none: HAS_PRR is 0, and MAP_NULL is EINVAL, as in Linux on them.
 *
 * <p>Threads: the books change under the lock of the address space's reservation, the table under
 * {@code mmu_lock}, by the worker.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm.bind;

import org.jspecify.annotations.NullMarked;
