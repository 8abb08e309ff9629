/**
 * The state of a GPU that crashed, and the text of it that tools read.
 *
 * <p>Start at {@link org.smmulator.drm.msm.coredump.CrashState}; {@link
 * org.smmulator.drm.msm.coredump.CrashText} writes it.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct msm_gpu_state}, {@code struct a6xx_gpu_state}</td><td>{@link
 *       org.smmulator.drm.msm.coredump.CrashState}</td></tr>
 *   <tr><td>{@code adreno_show()}, {@code a6xx_show()}, {@code
 *       msm_gpu_devcoredump_read()}</td><td>{@link
 *       org.smmulator.drm.msm.coredump.CrashText}</td></tr>
 *   <tr><td>{@code include/linux/ascii85.h}</td><td>{@code Ascii85}</td></tr>
 * </table>
 *
 * <p>Left out: the shader, cluster and debug bus sections have their headings and nothing below
 * them, because no state of the model stands behind them.
 *
 * <p>Threads: a state does not change once it is captured, under the GPU's lock.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm.coredump;

import org.jspecify.annotations.NullMarked;
