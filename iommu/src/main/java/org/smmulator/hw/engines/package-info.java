/**
 * Models of the engines on board {@code virt}: small masters whose only purpose is to move bytes
 * through an IOMMU.
 *
 * <p>Start at {@link org.smmulator.hw.engines.CopyEngine}. Each model is a register window, an
 * interrupt, a port to memory, and one or more device processes that move real bytes in virtual
 * time. A bus error ends what the engine was doing, with a status and an interrupt; a stalled
 * access blocks that process and nobody else. Their registers are of our own design, see {@link
 * org.smmulator.regs.engines}.
 *
 * <p>Not modelled: protocols behind the engines. The USB function is a FIFO that gives back what it
 * got, the card is an array of blocks. No engine knows of translations: asking for them, keeping
 * them and asking for pages (ATS, PRI) is done by the port of one that the board wires so, {@link
 * org.smmulator.hw.ats}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.engines;

import org.jspecify.annotations.NullMarked;
