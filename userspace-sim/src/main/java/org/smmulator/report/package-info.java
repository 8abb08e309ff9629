/**
 * Reports for people: a boot's log and tree, a run as a timeline, a failure with what led to it.
 *
 * <p>Start at {@link org.smmulator.report.RunReport}. A report looks at a machine from outside: at
 * its log and trace, at memory, and, with the {@link org.smmulator.report.Probe}s that fit the
 * board, at wires between its parts. It changes nothing that it looks at. What knows a driver
 * stands in a room with the driver's name.
 *
 * <p>Left out: machine-readable reports; the trace is one.
 *
 * <p>Threads: a probe and a run's listener are called in simulated contexts and never wait; the
 * reports are printed from outside the machine.
 *
 * <p>Public API: {@link org.smmulator.report.TableWalk}; what else is here may change with any
 * release.
 */
@NullMarked
package org.smmulator.report;

import org.jspecify.annotations.NullMarked;
