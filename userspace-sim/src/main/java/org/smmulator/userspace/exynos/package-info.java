/**
 * Clients of drm/exynos: what libdrm's Exynos library does on an open device node.
 *
 * <p>Start at {@link org.smmulator.userspace.exynos.ExynosDevice}.
 *
 * <table>
 *   <caption>Where other names went</caption>
 *   <tr><th>libdrm</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_device}</td><td>{@link
 *       org.smmulator.userspace.exynos.ExynosDevice}</td></tr>
 *   <tr><td>{@code exynos_bo}</td><td>{@link
 *       org.smmulator.userspace.exynos.ExynosBuffer}</td></tr>
 *   <tr><td>nothing: clients of image post processing bring their own</td><td>{@link
 *       org.smmulator.userspace.exynos.ExynosIpp}</td></tr>
 *   <tr><td>the calls of its fimg2d library</td><td>{@link
 *       org.smmulator.userspace.exynos.G2dList}</td></tr>
 * </table>
 *
 * <p>Left out: nothing that the driver offers.
 *
 * <p>Threads: as {@link org.smmulator.userspace.Client}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.userspace.exynos;

import org.jspecify.annotations.NullMarked;
