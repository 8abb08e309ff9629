/**
 * What a newcomer sees: a boot's log and tree, a run as a timeline, a failure with what led to it.
 *
 * <p>Start at {@link org.smmulator.report.RunReport}. A report looks at a machine from outside: at
 * its log and trace, at memory, and, with a {@link org.smmulator.report.msm.GpuProbe}, at the wires
 * between GPU and SMMU. It changes nothing that it looks at.
 */
@NullMarked
package org.smmulator.report;

import org.jspecify.annotations.NullMarked;
