/**
 * The registers of MIC, the compressor in front of a DSI link, and of the multiplexer that puts it
 * there.
 *
 * <p>Start at {@link org.smmulator.regs.mic.MicRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.mic;

import org.jspecify.annotations.NullMarked;
