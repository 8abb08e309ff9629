/**
 * What an Arm system MMU does with VMSAv8-64 tables: reads them out of memory and remembers what it
 * read. The architecture only; registers and queues are the business of the models that use it.
 *
 * <p>Start at {@link org.smmulator.hw.vmsa.Walker}. A set of tables is described by {@link
 * org.smmulator.hw.vmsa.Tables}; what a walk comes to is a {@code long} that {@link
 * org.smmulator.hw.vmsa.Leaf} explains; a {@link org.smmulator.hw.vmsa.Tlb} keeps these by address
 * and {@link org.smmulator.hw.vmsa.Space}, and pointers to the tables that led there.
 *
 * <p>Left out: AArch32 tables, memory attributes and shareability (memory is coherent and has one
 * kind), the contiguous hint (which is allowed to be ignored), XNX, 52-bit addresses with small
 * granules, hardware updates in stage 2.
 *
 * <p>Threads: one context at a time; nothing here blocks or allocates but growing tables.
 */
@NullMarked
package org.smmulator.hw.vmsa;

import org.jspecify.annotations.NullMarked;
