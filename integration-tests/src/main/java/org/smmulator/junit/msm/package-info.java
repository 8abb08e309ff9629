/**
 * Parameters of tests that know drm/msm. Public API.
 *
 * <p>Start at {@link org.smmulator.junit.msm.GpuParameter}.
 *
 * <p>Left out: what {@link org.smmulator.userspace.msm.MsmDevice} has already.
 *
 * <p>Threads: as {@link org.smmulator.userspace.Client}.
 */
@NullMarked
package org.smmulator.junit.msm;

import org.jspecify.annotations.NullMarked;
