/**
 * Stories of boards with Exynos engines and a display, told from what a client can see.
 *
 * <p>Start at {@code KmsStoriesTest} and {@code TwoEnginesTest}. The conformance suite of the
 * driver is:
 *
 * <ul>
 *   <li>tables of errnos, with which comes first: {@code G2dErrnoTest} (with GEM), {@code
 *       IppErrnoTest}, {@code KmsErrnoTest};
 *   <li>the generic cases of IGT, which hold for any driver with a display: {@code
 *       FramebufferConformanceTest}, {@code PropertyConformanceTest}, {@code
 *       MasterConformanceTest}, {@code VblankConformanceTest};
 *   <li>what tools call, ioctl by ioctl: {@code ModetestTest}, {@code DrmInfoTest};
 *   <li>who goes while something is on its way: {@code KmsRacesTest}, {@code UnbindWhileShownTest};
 *   <li>what no client can do, whatever it submits: {@code HostileListsTest}, {@code
 *       TablePerFileTest}.
 * </ul>
 */
@NullMarked
package org.smmulator.scenario.exynos;

import org.jspecify.annotations.NullMarked;
