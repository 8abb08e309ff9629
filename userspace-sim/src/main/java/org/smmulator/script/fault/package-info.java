/**
 * The faults that a scenario injects, the step that arms them, and the expectation that they came
 * to bear.
 *
 * <p>Start at {@link org.smmulator.script.fault.FaultVocabulary}. Each class is one entry of the
 * section {@code faults:} with its fields; what it does in the machine is a {@link
 * org.smmulator.machine.faults.Fault}.
 *
 * <pre>
 * faults:
 *   - lose_invalidation: {iommu: 9050000.iommu, armed_by: deaf}
 * processes:
 *   painter:
 *     - inject: deaf
 * </pre>
 *
 * <p>Threads: none of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.fault;

import org.jspecify.annotations.NullMarked;
