/**
 * A hardware model of Samsung's sysmmu, versions 1 to 7.
 *
 * <p>Start at {@link org.smmulator.hw.sysmmu.Sysmmu}: one controller in front of one master. {@link
 * org.smmulator.hw.sysmmu.SysmmuConfig} says which version it is. {@code TableWalker} reads the
 * tables and keeps first-level entries, {@code SysmmuTlb} keeps leaves, a {@code FaultLatch} tells
 * of faults in the registers of its version. The driver is in another package and shares nothing
 * with it but the registers of {@code regs.sysmmu}; both read entries by themselves.
 *
 * <p>Threads: one context runs at a time. A transaction that is held, because software blocks the
 * controller or a fault waits for it, waits inside {@code translate()} in its device's process.
 */
@NullMarked
package org.smmulator.hw.sysmmu;

import org.jspecify.annotations.NullMarked;
