/**
 * A run as a page for a browser: a timeline, address spaces, walks, TLBs and the log, at every
 * moment that one steps to; or the runs of an argument's sides beside each other.
 *
 * <p>Start at {@link org.smmulator.report.page.RunPage}. {@code PageRecorder} records events into
 * an {@code EventTable}; the scripts beside it, of which {@code page.js} is the last, rebuild a
 * moment from them. {@link org.smmulator.report.page.SidesPage} has several runs. A browser must
 * know {@code DecompressionStream}, as those of 2023 and later do.
 *
 * <p>Left out: the walk caches of IOMMUs and the caches of devices with ATS, because their debug
 * ports show leaves only; whether an entry is stale that leads through a table of a guest or of a
 * process, because no tracepoint tells what they map.
 *
 * <p>Threads: a recorder is called from whatever simulated context runs.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.page;

import org.jspecify.annotations.NullMarked;
