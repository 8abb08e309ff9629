/**
 * The judge of isolation: whoever reaches the private memory of another process is found out.
 *
 * <p>Start at {@link org.smmulator.machine.isolation.IsolationWatch}, which sits in the wires
 * between masters and IOMMUs and looks at each store of a device: by whose table it was led, and
 * whose page it met ({@link org.smmulator.machine.isolation.PrivateMemory}). A scenario's end looks
 * at what the tables of its processes lead to, too. Each find is a {@link
 * org.smmulator.machine.isolation.Trespass}.
 *
 * <p>Memory is private if one process alone can come by it: its anonymous memory, and buffers to
 * which no file of another process has a handle, and that never had a name for everybody or a
 * dma-buf. So PRIME, flink, fork and descriptors that were handed on make nobody a trespasser; nor
 * does user memory in a job on a file that both have open.
 *
 * <p>Left out: stores of devices that no table of a process led, as where all files share one table
 * ({@code msm.pagetables=shared}, and exynos without {@code exynos.pagetables=per-file}): there the
 * design itself lets everybody reach everything, and no hardware knows for whom a device works.
 * Left out, too, are buffers of a dma-heap, which are made to be handed on.
 *
 * <p>Threads: a watch is asked in the thread that accesses memory.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.isolation;

import org.jspecify.annotations.NullMarked;
