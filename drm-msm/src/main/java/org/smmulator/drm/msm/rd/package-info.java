/**
 * Recordings of command streams for tools that decode them: {@code dri/N/rd} has every submit,
 * {@code dri/N/hangrd} each one that hung.
 *
 * <p>Start at {@link org.smmulator.drm.msm.rd.RdRecorder}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code msm_rd.c}, {@code struct msm_rd_state}</td><td>{@link
 *       org.smmulator.drm.msm.rd.RdRecorder}</td></tr>
 *   <tr><td>{@code enum rd_sect_type}</td><td>{@link org.smmulator.drm.msm.rd.RdSection}</td></tr>
 * </table>
 *
 * <p>Left out: {@code perf}, whose counters the model does not have.
 *
 * <p>Threads: who submits or recovers writes, and waits for the one reader when the pipe between
 * them is full.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm.rd;

import org.jspecify.annotations.NullMarked;
