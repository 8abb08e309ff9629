/**
 * Models of Adrenos 306, 530, 618 and 630, as far as feeding them goes: registers and a command
 * processor.
 *
 * <p>Start at {@link org.smmulator.hw.adreno.AdrenoGpu}. Inside, the {@code CommandProcessor} takes
 * packets from a stream of dwords (the ring, or an indirect buffer that it nests in); a {@code
 * PacketSet} carries them out, {@code WidePackets} of A5xx and A6xx or {@code NarrowPackets} of
 * A3xx; and {@code GpuRegisters} has a class for each generation's map. Packets reach registers
 * through {@code RegisterPort}, where protected mode is enforced. The command processor's way to
 * memory ends what it was doing when the GPU is reset.
 *
 * <p>An A6xx has a management unit beside it, {@link org.smmulator.hw.adreno.AdrenoGmu}, which
 * turns it on, sets its clock and counts how long it is busy.
 *
 * <p>Each GPU is hard-wired to one context bank: A5xx and A6xx by private wires to bank 0, whatever
 * bank a packet names; an A306 by a window in its own register space that leads to the registers of
 * the bank of its first stream, and to no other.
 *
 * <p>No public manual describes this silicon. Packet layouts and registers are those of the
 * register database beside drm/msm. A behaviour that no public source confirms has an
 * implementation note.
 *
 * <p>Not modelled: drawing and compute, because no client here looks at their results: their
 * packets are counted, told of and cost time; predicates (COND_REG_EXEC runs its body,
 * SET_DRAW_STATE loads nothing); preemption but of an A5xx between its rings; secure mode; the
 * SQE's microcode, which is built in; hang detection while the SMMU stalls an access; the bus halt
 * handshake; caches, which is why cache events only cost time. Registers that no one here needs
 * read as zero.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.adreno;

import org.jspecify.annotations.NullMarked;
