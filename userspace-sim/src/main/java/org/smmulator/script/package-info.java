/**
 * Scenario files: the acts of processes, and what must come of them.
 *
 * <p>Start at {@link org.smmulator.script.StepType}: a step is one class with its keyword, its
 * fields, its act and its words for the report. Expectations ({@link
 * org.smmulator.script.ExpectationType}) and the items of command streams have the same shape, that
 * of a {@link org.smmulator.script.Form}. A {@link org.smmulator.script.Vocabulary} lists those of
 * one room, and the {@link org.smmulator.script.Language} joins the vocabularies; this room knows
 * no driver. To add a step, write its class and add it to the list of its vocabulary.
 *
 * <p>A step belongs to a {@link org.smmulator.script.Side}: processes make system calls, and
 * drivers in the section {@code kernel:} call what drivers call (processes in the section {@code
 * root:} are root's). Neither can do the other's steps, and that is said before anything runs.
 *
 * <p>{@link org.smmulator.script.ScenarioParser} reads a file into a {@link
 * org.smmulator.script.Scenario}, a list of {@link org.smmulator.script.Step}s for each process.
 * Everything that can be known to be wrong before a machine runs is a {@link
 * org.smmulator.script.ScenarioException} with file, line, column and cure: unknown keys, values of
 * the wrong shape, names that no step gives.
 *
 * <pre>
 * about: One process paints
 * processes:
 *   painter:
 *     - open: {node: renderD128, as: gpu}
 *     - gem_new: {fd: gpu, size: 64K, as: canvas}
 *     - submit: {fd: gpu, buffers: [canvas], commands: [{mem_write: {at: canvas+0x10, value: 7}}], as: job}
 *     - wait: {fence: job}
 *     - expect: {read: canvas+0x10, is: 7}
 * </pre>
 *
 * <p>Steps can stand in steps: {@code repeat} has rounds, which the parser unrolls, so that every
 * name is known before anything runs; {@code fork} and {@code parallel} have children, which start
 * with copies of what their parent has named ({@link org.smmulator.userspace.ForkedState}).
 *
 * <p>Left out: conditions and variables. A scenario is a story, not a program; programs are written
 * in Java against {@code org.smmulator.userspace}. A process has one thread, as the kernel's
 * processes here do: {@code parallel} forks.
 *
 * <p>Threads: parsing needs no machine. {@link org.smmulator.script.ScenarioRun#run} is called from
 * outside the machine; each process then does its steps in its own simulated thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script;

import org.jspecify.annotations.NullMarked;
