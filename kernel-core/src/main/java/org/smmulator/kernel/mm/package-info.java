/**
 * Pages, and the memory of processes.
 *
 * <p>Start at {@link org.smmulator.kernel.mm.PageAllocator}; then {@link
 * org.smmulator.kernel.mm.AddressSpace}, which keeps a real AArch64 pagetable in DRAM; {@link
 * org.smmulator.kernel.mm.UserMemory} is the only way to a caller's bytes. {@link
 * org.smmulator.kernel.mm.CpuMemory} is memory as software sees it: through {@link
 * org.smmulator.kernel.mm.CpuCache} where a machine has caches, else DRAM itself. When clients'
 * memory runs out, {@link org.smmulator.kernel.mm.Reclaim} asks who can do without some.
 *
 * <p>Left out: copy-on-write (fork copies), swapping of processes' own memory, kswapd, huge pages,
 * mprotect, MAP_FIXED, growing stacks; adjacent mappings are not merged. {@code pin_user_pages()}:
 * no driver here has a device reach the pages that a client names by its own addresses.
 *
 * <p>Threads: pages can be freed, and pages of the kernel allocated, in any context; an allocation
 * for a client may wait for a device. {@link org.smmulator.kernel.mm.UserMemory} may fault pages
 * in, so it belongs to contexts that may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.mm;

import org.jspecify.annotations.NullMarked;
