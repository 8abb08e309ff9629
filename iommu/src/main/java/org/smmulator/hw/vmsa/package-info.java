/**
 * The reading of VMSA tables by an Arm system MMU: walker, TLB and leaf, of every format of
 * descriptors. Registers, queues and faults are those of the models that use it: {@code hw.smmuv2},
 * {@code hw.smmuv3}, {@code hw.qcom}.
 *
 * <p>Start at {@link org.smmulator.hw.vmsa.Walker}. {@link org.smmulator.hw.vmsa.Tables} describes
 * a set of tables; the result of a walk is a {@code long} that {@link org.smmulator.hw.vmsa.Leaf}
 * explains; a {@link org.smmulator.hw.vmsa.Tlb} keeps these by address and {@link
 * org.smmulator.hw.vmsa.Space}, and pointers to the tables on the way. {@link
 * org.smmulator.hw.vmsa.AsidSpaces} finds the space of an ASID.
 *
 * <p>Not modelled: memory attributes and shareability, because memory is coherent and has one kind;
 * the contiguous hint, because it may be ignored; XNX, 52-bit addresses with small granules and
 * hardware updates in stage 2, because no model announces them.
 *
 * <p>Threads: one context at a time; nothing here blocks. Lookups, fills and walks do not allocate;
 * new tables and new spaces do, and a TLB without bounds that grows.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.vmsa;

import org.jspecify.annotations.NullMarked;
