/**
 * The half of a run's report that knows drm/msm: pagetable switches of an Adreno, and what the
 * tables behind TTBR0 and TTBR1 held.
 *
 * <p>Start at {@link org.smmulator.report.msm.MsmProbe}; {@link org.smmulator.report.msm.GpuProbe}
 * is the part that sits in the wires.
 *
 * <p>Left out: accesses that the GPU's SMMU lets through for reading; they would fill the timeline.
 *
 * <p>Threads: a probe is called from whatever simulated context uses the wire that it sits in.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.msm;

import org.jspecify.annotations.NullMarked;
