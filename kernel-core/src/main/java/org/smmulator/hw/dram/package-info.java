/**
 * Bytes: the machine's memory, by physical address.
 *
 * <p>Start at {@link org.smmulator.hw.dram.Dram}. Pagetables, buffers, rings and queues all live
 * here, so that whatever hardware reads is bytes and never a Java object.
 *
 * <p>Not modelled: the time of an access; errors of memory but for an address that no bank has,
 * {@link org.smmulator.hw.dram.BusError}. Caches stand before these bytes, not in them: those of
 * CPUs are {@code kernel.mm}'s.
 *
 * <p>Threads: one context at a time. Nothing here blocks or is a scheduling point; loads and stores
 * do not allocate.
 *
 * <p>Public API: {@link org.smmulator.hw.dram.Dram}, {@link org.smmulator.hw.dram.DramBank} and
 * {@link org.smmulator.hw.dram.DramUnavailableException}; what else is here may change with any
 * release.
 */
@NullMarked
package org.smmulator.hw.dram;

import org.jspecify.annotations.NullMarked;
