/**
 * The registers of the Exynos 5250's mixer, which feeds HDMI.
 *
 * <p>Start at {@link org.smmulator.regs.mixer.MixerRegs}.
 */
@NullMarked
package org.smmulator.regs.mixer;

import org.jspecify.annotations.NullMarked;
