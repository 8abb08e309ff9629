/**
 * Numbers in words: what an errno, an ioctl's number, a fault register, the header of a packet or
 * an entry of a pagetable says.
 *
 * <p>Start at {@link org.smmulator.report.explain.Explanations}. Each class here reads one kind of
 * number with the layouts that the drivers and models themselves use, and needs no machine; those
 * that one driver knows come from its room, {@link org.smmulator.report.explain.DriverWords}.
 *
 * <p>Left out: LPAE with granules other than 4 KiB; records of the queue of page requests.
 *
 * <p>Threads: nothing here has state.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.explain;

import org.jspecify.annotations.NullMarked;
