/**
 * Bytes: the machine's memory, by physical address.
 *
 * <p>Start at {@link org.smmulator.hw.dram.Dram}. Pagetables, buffers, rings and queues all live
 * here, so that whatever hardware reads is bytes and never a Java object.
 */
@NullMarked
package org.smmulator.hw.dram;

import org.jspecify.annotations.NullMarked;
