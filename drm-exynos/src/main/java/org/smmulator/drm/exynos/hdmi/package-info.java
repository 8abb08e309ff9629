/**
 * The registers of HDMI as its driver writes them.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.hdmi.HdmiPort}; {@code AviInfoframe} is what a
 * monitor is told of the picture. The component, encoder and connector are in {@code
 * drm.exynos.kms}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_hdmi.c}, {@code hdmi_conf_apply()}, {@code hdmiphy_enable()}</td><td>
 *       {@link org.smmulator.drm.exynos.hdmi.HdmiPort}</td></tr>
 *   <tr><td>{@code drivers/video/hdmi.c}</td><td>{@code AviInfoframe}</td></tr>
 * </table>
 *
 * <p>Left out: HDMI 1.3, the PHYs of other chips than the Exynos 5250, sound.
 *
 * <p>Threads: the driver's mutex is held.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.hdmi;

import org.jspecify.annotations.NullMarked;
