/**
 * A hardware model of FIMD, the display controller of Exynos chips up to the 5420.
 *
 * <p>Start at {@link org.smmulator.hw.fimd.Fimd}. The driver is in another package and shares only
 * the registers of {@code regs.fimd} with it.
 *
 * <p>Not modelled: see the end of {@link org.smmulator.hw.fimd.Fimd}, with the reasons.
 *
 * <p>Threads: one context runs at a time; scanning out is a process of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.fimd;

import org.jspecify.annotations.NullMarked;
