/**
 * Truth's assertions about what is in a machine, for suites that use Truth. Public API.
 *
 * <p>Start at {@link org.smmulator.junit.truth.MachineTruth#assertThat}.
 *
 * <p>Left out: AssertJ, because one vocabulary is enough to keep.
 *
 * <p>Threads: as the objects that are looked at.
 */
@NullMarked
package org.smmulator.junit.truth;

import org.jspecify.annotations.NullMarked;
