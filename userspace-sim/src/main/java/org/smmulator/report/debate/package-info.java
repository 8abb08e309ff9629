/**
 * The founding arguments, told with runs of both sides: {@code smmulator debate}.
 *
 * <p>Start at {@link org.smmulator.report.debate.Debate}: a file says who proposed what, what was
 * objected, and which scenarios test it. {@link org.smmulator.report.debate.DebateReport} runs
 * them; whatever it says of an outcome, a finding or a cost is from the run.
 *
 * <p>Left out: measured time. The costs are counts, which are the same on every host.
 *
 * <p>Threads: one machine after the other, in the thread that calls.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.debate;

import org.jspecify.annotations.NullMarked;
