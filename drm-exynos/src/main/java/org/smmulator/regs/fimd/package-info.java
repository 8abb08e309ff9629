/**
 * The registers of FIMD, the display controller of Exynos chips up to the 5420.
 *
 * <p>Start at {@link org.smmulator.regs.fimd.FimdRegs}.
 */
@NullMarked
package org.smmulator.regs.fimd;

import org.jspecify.annotations.NullMarked;
