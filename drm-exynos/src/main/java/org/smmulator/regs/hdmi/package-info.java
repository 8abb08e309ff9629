/**
 * The registers of HDMI 1.4 in Exynos chips, and the settings of its PHY.
 *
 * <p>Start at {@link org.smmulator.regs.hdmi.HdmiRegs}; {@link
 * org.smmulator.regs.hdmi.HdmiPhyConfigs} has the PHY's.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.hdmi;

import org.jspecify.annotations.NullMarked;
