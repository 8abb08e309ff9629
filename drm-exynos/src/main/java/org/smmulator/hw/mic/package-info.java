/**
 * Hardware models of MIC, which compresses frames on their way from a display controller to a DSI
 * link, and of the multiplexer that puts it there.
 *
 * <p>Start at {@link org.smmulator.hw.mic.Mic}; the driver shares only the registers of {@code
 * regs.mic} with it.
 *
 * <p>Not modelled: see the end of {@link org.smmulator.hw.mic.Mic}.
 *
 * <p>Threads: one context runs at a time.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.mic;

import org.jspecify.annotations.NullMarked;
