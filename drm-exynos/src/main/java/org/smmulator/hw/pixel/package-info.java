/**
 * Arithmetic of pixels, which the engines that make and show pictures share.
 *
 * <p>Start at {@link org.smmulator.hw.pixel.PixelMath}.
 *
 * <p>Left out: formats; each engine has its own.
 *
 * <p>Threads: nothing here has state.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.pixel;

import org.jspecify.annotations.NullMarked;
