/**
 * A hardware model of the Exynos 5250's mixer.
 *
 * <p>Start at {@link org.smmulator.hw.mixer.Mixer}; {@code MixerLayer} reads a layer's registers.
 * The driver is in another package and shares only the registers of {@code regs.mixer} with it.
 *
 * <p>Not modelled: see the end of {@link org.smmulator.hw.mixer.Mixer}, with the reasons.
 *
 * <p>Threads: one context runs at a time; scanning out is a process of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.mixer;

import org.jspecify.annotations.NullMarked;
