/**
 * Looking into a machine at a moment of a scenario: files, and walks of pagetables.
 *
 * <p>Start at {@link org.smmulator.report.look.Moment}: the moment; {@link
 * org.smmulator.report.look.MomentProbe} waits for it, and each of its subclasses looks at one kind
 * of thing.
 *
 * <p>Left out: whatever needs a process of its own to look, such as a device node; nobody can make
 * system calls in the middle of another's.
 *
 * <p>Threads: a probe is told in the thread of the process whose moment it is, and must not wait.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.look;

import org.jspecify.annotations.NullMarked;
