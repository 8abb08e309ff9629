/**
 * Pages, and the memory of processes.
 *
 * <p>Start at {@link org.smmulator.kernel.mm.PageAllocator}; then {@link
 * org.smmulator.kernel.mm.AddressSpace}, which keeps a real AArch64 pagetable in DRAM; {@link
 * org.smmulator.kernel.mm.UserMemory} is the only way to a caller's bytes.
 */
@NullMarked
package org.smmulator.kernel.mm;

import org.jspecify.annotations.NullMarked;
