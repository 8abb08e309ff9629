/**
 * Stories of Adreno GPUs on their boards: what is in the ring, whose pagetable is walked, what a
 * packet does.
 *
 * <p>Start at {@link org.smmulator.scenario.gpu.RingOfTrogdorTest}.
 */
@NullMarked
package org.smmulator.scenario.gpu;

import org.jspecify.annotations.NullMarked;
