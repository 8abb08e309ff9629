/**
 * Address spaces of the GPU: the kernel's and each file's, the addresses in use, and the pagetables
 * behind them.
 *
 * <p>Start at {@link org.smmulator.drm.msm.vm.MsmVm}; a file's pagetable is {@link
 * org.smmulator.drm.msm.vm.TaskMmu}, the kernel's {@link org.smmulator.drm.msm.vm.KernelMmu}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_gem_vma.c}, {@code struct msm_gem_vm}</td><td>{@link
 *       org.smmulator.drm.msm.vm.MsmVm}</td></tr>
 *   <tr><td>{@code msm_gem_vm.mm}</td><td>{@link org.smmulator.drm.msm.vm.VmRange}</td></tr>
 *   <tr><td>{@code msm_gpu_create_private_vm()}</td><td>{@link
 *       org.smmulator.drm.msm.vm.PrivateVms}</td></tr>
 *   <tr><td>{@code struct msm_gem_vma}</td><td>{@link org.smmulator.drm.msm.vm.MsmVma}</td></tr>
 *   <tr><td>{@code struct msm_mmu}</td><td>{@link org.smmulator.drm.msm.vm.MsmMmu}</td></tr>
 *   <tr><td>{@code msm_iommu.c}</td><td>{@link org.smmulator.drm.msm.vm.TaskMmu}, {@link
 *       org.smmulator.drm.msm.vm.KernelMmu}</td></tr>
 *   <tr><td>{@code msm_gem_kernel_new()}</td><td>{@link
 *       org.smmulator.drm.msm.vm.KernelBuffer}</td></tr>
 * </table>
 *
 * <p>Decision: a file's pagetable is one token of {@link
 * org.smmulator.iommu.task.IommuTasks#bindTask}; the driver knows no format of pagetables. In Linux
 * {@code msm_iommu.c} makes the table itself.
 *
 * <p>An address space is ranges, each with a policy and an allocator ({@link
 * org.smmulator.drm.msm.vm.VmRange}). The persistent one is the kernel's and part of all: a buffer
 * that is put there later is seen by every file. No client gets an address of it: asking for one is
 * EINVAL, where Linux, whose files' address spaces do not know of it, says ENOSPC.
 *
 * <p>Left out: address spaces of displays; for VM_BIND see {@code drm.msm.bind}.
 *
 * <p>Threads: the addresses and the table of an address space change under the lock of its
 * reservation.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm.vm;

import org.jspecify.annotations.NullMarked;
