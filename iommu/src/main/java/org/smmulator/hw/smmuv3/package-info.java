/**
 * A hardware model of the Arm SMMUv3: registers, queues, stream table, context descriptors, TLB,
 * faults that stall, page requests, and translations that devices keep (ATS).
 *
 * <p>Start at {@link org.smmulator.hw.smmuv3.SmmuV3}, whose Javadoc follows one transaction and one
 * command through the package and ends with what is not modelled; {@link
 * org.smmulator.hw.smmuv3.SmmuV3Config} says what a board can choose. The driver of this hardware
 * is in another package and shares nothing with it but {@code regs.smmuv3} and bytes in memory; the
 * tables are read by {@code hw.vmsa}, not with the code that writes them.
 *
 * <p>Threads: one context runs at a time. A transaction that a fault stalls waits inside {@code
 * translate()}, and a page request inside {@code pageRequest()}, in its device's process; nothing
 * else here blocks. Commands are taken in events of virtual time, and so do invalidations reach
 * devices.
 */
@NullMarked
package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.NullMarked;
