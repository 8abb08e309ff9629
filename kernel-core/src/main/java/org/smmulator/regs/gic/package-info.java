/**
 * The registers of Arm's GICv2m frame.
 *
 * <p>Start at {@link org.smmulator.regs.gic.V2mRegs}.
 *
 * <p>Left out: the distributor's registers and the CPU interface's.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.gic;

import org.jspecify.annotations.NullMarked;
