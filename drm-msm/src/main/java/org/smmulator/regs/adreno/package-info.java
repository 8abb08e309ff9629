/**
 * Registers of an Adreno 6xx and the packets of its rings, for its driver and its model.
 *
 * <p>Start at {@link org.smmulator.regs.adreno.Pm4}, the packet headers, then {@link
 * org.smmulator.regs.adreno.Pm4Opcode} and {@link org.smmulator.regs.adreno.Pm4Event}; the
 * registers are in {@link org.smmulator.regs.adreno.A6xx}.
 *
 * <p>There is no public manual. Names, numbers and fields are those of the register database in
 * {@code drivers/gpu/drm/msm/registers/adreno}. Left out: everything that only drawing needs.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.adreno;

import org.jspecify.annotations.NullMarked;
