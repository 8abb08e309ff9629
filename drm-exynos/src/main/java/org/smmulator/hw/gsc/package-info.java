/**
 * A model of the G-Scaler: it fetches a picture, scales, turns and converts it, and stores it.
 *
 * <p>Start at {@link org.smmulator.hw.gsc.Gscaler}. {@code GscPicture} knows how pictures lie in
 * memory, {@code GscFilter} makes fewer or more pixels of a line, {@code YccColors} converts
 * between red, green, blue and luminance, chrominance.
 *
 * <p>Left out: what {@link org.smmulator.hw.gsc.Gscaler} says.
 *
 * <p>Threads: one process, the engine's.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.gsc;

import org.jspecify.annotations.NullMarked;
