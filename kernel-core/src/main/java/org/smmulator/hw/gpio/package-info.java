/**
 * Hardware models of pins.
 *
 * <p>Start at {@link org.smmulator.hw.gpio.WakeupPins}.
 *
 * <p>Not modelled: see the end of it.
 *
 * <p>Threads: one context runs at a time.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.gpio;

import org.jspecify.annotations.NullMarked;
