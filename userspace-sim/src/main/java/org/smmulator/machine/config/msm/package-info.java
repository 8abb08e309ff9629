/**
 * The switches of Qualcomm's GPUs and their tables.
 *
 * <p>Start at {@link org.smmulator.machine.config.msm.MsmSwitches}.
 *
 * <p>Left out: most module parameters of the driver.
 *
 * <p>Threads: every class here is immutable.
 */
@NullMarked
package org.smmulator.machine.config.msm;

import org.jspecify.annotations.NullMarked;
