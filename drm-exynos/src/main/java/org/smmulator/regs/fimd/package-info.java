/**
 * The registers of FIMD, the display controller of Exynos chips up to the 5420.
 *
 * <p>Start at {@link org.smmulator.regs.fimd.FimdRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.fimd;

import org.jspecify.annotations.NullMarked;
