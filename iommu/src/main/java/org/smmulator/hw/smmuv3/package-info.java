/**
 * A hardware model of the Arm SMMUv3: registers, queues, stream table, context descriptors, TLB,
 * faults that stall, page requests, and ATS.
 *
 * <p>Start at {@link org.smmulator.hw.smmuv3.SmmuV3}, whose Javadoc follows one transaction and one
 * command through the package and ends with what is not modelled; {@link
 * org.smmulator.hw.smmuv3.SmmuV3Config} has the choices of a board. The path of a transaction is
 * one page, {@code Transactions}. The driver of this hardware is in another package and shares only
 * {@code regs.smmuv3} and bytes in memory with it; tables are read by {@code hw.vmsa}.
 *
 * <p>Threads: one context runs at a time. A transaction that a fault stalls waits inside {@code
 * translate()}, and a page request inside {@code pageRequest()}, in its device's process; nothing
 * else here blocks. Commands are executed, and invalidations reach devices, in events of virtual
 * time.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.NullMarked;
