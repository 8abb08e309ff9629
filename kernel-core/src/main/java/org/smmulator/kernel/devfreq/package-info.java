/**
 * Devices whose clock follows their load: {@code /sys/class/devfreq}.
 *
 * <p>Start at {@link org.smmulator.kernel.devfreq.Devfreq}, which a driver makes with a {@link
 * org.smmulator.kernel.devfreq.DevfreqProfile} of its own.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct devfreq}</td><td>{@link org.smmulator.kernel.devfreq.Devfreq}</td></tr>
 *   <tr><td>{@code struct devfreq_dev_profile}</td><td>{@link
 *       org.smmulator.kernel.devfreq.DevfreqProfile}</td></tr>
 *   <tr><td>{@code governor_simpleondemand.c}</td><td>{@link
 *       org.smmulator.kernel.devfreq.SimpleOndemand}</td></tr>
 *   <tr><td>{@code struct opp_table}</td><td>{@link
 *       org.smmulator.kernel.devfreq.OppTable}</td></tr>
 *   <tr><td>{@code include/trace/events/devfreq.h}</td><td>{@link
 *       org.smmulator.kernel.devfreq.DevfreqTrace}</td></tr>
 * </table>
 *
 * <p>Left out: governors but {@code simple_ondemand}, voltages and bandwidths of operating points,
 * what silicon of a speed bin lacks, and cooling.
 *
 * <p>Threads: any context that may block. A device's lock is held while its rate changes.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.devfreq;

import org.jspecify.annotations.NullMarked;
