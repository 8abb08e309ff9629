/**
 * A hardware model of Samsung's sysmmu, versions 1 to 7.
 *
 * <p>Start at {@link org.smmulator.hw.sysmmu.Sysmmu}: one controller in front of one master. {@link
 * org.smmulator.hw.sysmmu.SysmmuConfig} has its version. {@code TableWalker} reads the tables and
 * caches first-level entries, {@code SysmmuTlb} caches leaves, a {@code FaultLatch} records faults
 * in the registers of its version. The driver is in another package and shares only the registers
 * of {@code regs.sysmmu} with it.
 *
 * <p>Not modelled: see the end of {@link org.smmulator.hw.sysmmu.Sysmmu}, with the reasons.
 *
 * <p>Threads: one context runs at a time. A transaction that is held, because software blocks the
 * controller or a fault waits for it, waits inside {@code translate()} in its device's process.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.sysmmu;

import org.jspecify.annotations.NullMarked;
