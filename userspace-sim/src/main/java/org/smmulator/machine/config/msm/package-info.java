/**
 * The switches of Qualcomm's GPUs and their tables.
 *
 * <p>Start at {@link org.smmulator.machine.config.msm.MsmSwitches}.
 *
 * <p>Left out: most module parameters of the driver.
 *
 * <p>Threads: every class here is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.config.msm;

import org.jspecify.annotations.NullMarked;
