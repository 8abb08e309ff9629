/**
 * The registers of the Exynos 5433's DECON, a display controller.
 *
 * <p>Start at {@link org.smmulator.regs.decon.DeconRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.decon;

import org.jspecify.annotations.NullMarked;
