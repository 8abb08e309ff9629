/**
 * The registers of the Exynos 5250's mixer, which feeds HDMI.
 *
 * <p>Start at {@link org.smmulator.regs.mixer.MixerRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.mixer;

import org.jspecify.annotations.NullMarked;
