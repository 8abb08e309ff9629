/**
 * The driver of Qualcomm's GPUs: files, their ioctls and queues, submits, and what becomes of a
 * submit until its fence signals.
 *
 * <p>Start at {@link org.smmulator.drm.msm.MsmDriver}; then read a submit's way: {@code
 * SubmitIoctl}, {@link org.smmulator.drm.msm.MsmSubmit}, {@link org.smmulator.drm.msm.MsmGpu}.
 * Buffers are in {@link org.smmulator.drm.msm.gem}, address spaces in {@link
 * org.smmulator.drm.msm.vm}; what differs between generations of GPUs is in {@link
 * org.smmulator.drm.msm.adreno}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_drv.c}</td><td>{@link org.smmulator.drm.msm.MsmDriver}, and a class for each
 *       family of ioctls</td></tr>
 *   <tr><td>{@code msm_gem_submit.c}</td><td>{@code SubmitIoctl}</td></tr>
 *   <tr><td>{@code msm_gem.c}</td><td>{@link org.smmulator.drm.msm.gem}</td></tr>
 *   <tr><td>{@code msm_gem_vma.c}, {@code msm_iommu.c}</td><td>{@link
 *       org.smmulator.drm.msm.vm}</td></tr>
 *   <tr><td>{@code msm_submitqueue.c}, {@code struct msm_context}</td><td>{@link
 *       org.smmulator.drm.msm.MsmContext}</td></tr>
 *   <tr><td>{@code msm_ringbuffer.c}, {@code msm_fence.c}</td><td>{@link
 *       org.smmulator.drm.msm.MsmRingbuffer}</td></tr>
 *   <tr><td>{@code msm_gpu.c}</td><td>{@link org.smmulator.drm.msm.MsmGpu}, {@code GpuRecovery},
 *       {@code CrashCapture}</td></tr>
 *   <tr><td>{@code msm_gpu_pm_resume()}, {@code adreno_pm_ops}</td><td>{@link
 *       org.smmulator.drm.msm.GpuPower}</td></tr>
 *   <tr><td>{@code msm_gpu_devfreq.c}</td><td>{@link org.smmulator.drm.msm.MsmDevfreq}</td></tr>
 *   <tr><td>{@code module_param()}</td><td>{@link
 *       org.smmulator.drm.msm.MsmModuleParams}</td></tr>
 *   <tr><td>{@code msm_debugfs.c}</td><td>{@code MsmDebugNodes}, {@code GemListing}</td></tr>
 *   <tr><td>{@code msm_rd.c}</td><td>{@code SubmitSnapshot}, {@link
 *       org.smmulator.drm.msm.rd}</td></tr>
 * </table>
 *
 * <p>Left out: everything that displays.
 *
 * <p>Isolation: every client's packets reach the kernel's half of the addresses. The ring is
 * read-only to the GPU and the shadow of its read pointer is privileged; the memptrs are neither,
 * because an A630 has no APRIV. So a client can forge the ring's fence, in Linux and here: what is
 * in the ring then counts as done, although it has not run or still runs.
 *
 * <p>An A306 and an A530 have one table base. Where their files have tables of their own, the GPU
 * fetches a ring through the table of the file whose commands were its last, also when that file is
 * closed, until the next commands switch. So the ring keeps that table, which maps nothing of the
 * file's any more; its pages are given back once other commands have run, or when the GPU loses its
 * power: the IOMMU's driver then writes the kernel's base back. Linux has no such tables there.
 *
 * <p>A file's table is invalidated through the kernel's domain, which so stays attached as long as
 * a file has an address space: a GPU whose driver was unbound meanwhile can be bound again only
 * when they are all closed, EBUSY before. Linux frees the domain under them.
 *
 * <p>Threads: several contexts may be in ioctls of one file at once. A lookup of a buffer or queue
 * takes a reference; pages and places of a buffer change under the locks of {@link
 * org.smmulator.drm.msm.gem.MsmGemObject}, and a file's address space is made under {@code
 * init_lock}. Ioctls run in their callers; a ring is written by its scheduler's worker, and by the
 * GPU's worker in a recovery, under the GPU's lock; retiring is the GPU's worker's.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm;

import org.jspecify.annotations.NullMarked;
