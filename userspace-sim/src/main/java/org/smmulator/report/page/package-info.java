/**
 * A run as a page for a browser: a timeline, address spaces, walks, TLBs and the log, at every
 * moment that one steps to.
 *
 * <p>Start at {@link org.smmulator.report.page.RunPage}. {@code PageRecorder} records events;
 * {@code page.js} beside it rebuilds a moment from them.
 *
 * <p>Left out: the TLBs of other IOMMUs than Qualcomm's Adreno SMMU, because the wires do not show
 * which entries an invalidation of theirs reaches; walks of the kernel's own domains, because their
 * tracepoints do not say whose table it is.
 *
 * <p>Threads: a recorder is called from whatever simulated context runs.
 */
@NullMarked
package org.smmulator.report.page;

import org.jspecify.annotations.NullMarked;
