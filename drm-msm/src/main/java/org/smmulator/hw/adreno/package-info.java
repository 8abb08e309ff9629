/**
 * The model of an Adreno 630, as far as feeding it goes: registers and a command processor.
 *
 * <p>Start at {@link org.smmulator.hw.adreno.AdrenoGpu}. Inside, the command processor takes
 * packets from a stream of dwords (the ring, or an indirect buffer that it nests in) and carries
 * them out; packets that only move data have a class of their own, and so has the command
 * processor's access to registers, where protected mode is enforced. Its way to memory ends what it
 * was doing when the GPU is reset.
 *
 * <p>No public manual describes this silicon. Packet layouts and registers are those of the
 * register database beside drm/msm. A behaviour that no public source confirms has an
 * implementation note.
 *
 * <p>Not modelled: drawing and compute, because no client here looks at their results: their
 * packets are accepted and cost time; predicates (COND_REG_EXEC runs its body, SET_DRAW_STATE loads
 * nothing); preemption and more than one ring; secure mode; the GMU and its firmware interface; the
 * SQE's microcode, which is built in; hang detection by the hardware; the bus halt handshake;
 * caches, which is why cache events only cost time. Registers that no one here needs read as zero.
 */
@NullMarked
package org.smmulator.hw.adreno;

import org.jspecify.annotations.NullMarked;
