/**
 * A hardware model of the Exynos 5433's display controller.
 *
 * <p>Start at {@link org.smmulator.hw.decon.Decon}; {@code DeconWindow} reads a window's registers.
 * The driver is in another package and shares only the registers of {@code regs.decon} with it.
 *
 * <p>Not modelled: see the end of {@link org.smmulator.hw.decon.Decon}, with the reasons.
 *
 * <p>Threads: one context runs at a time; scanning out is a process of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.decon;

import org.jspecify.annotations.NullMarked;
