/**
 * Scenario files: what processes do, and what must come of it.
 *
 * <p>Start at {@link org.smmulator.script.ScenarioParser}; what it makes is a {@link
 * org.smmulator.script.Scenario}, a list of {@link org.smmulator.script.Step}s for each process.
 * Everything that can be known to be wrong before a machine runs is a {@link
 * org.smmulator.script.ScenarioException} with file, line, column and cure: unknown keys, values of
 * the wrong shape, names that nobody gives.
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
 * <p>Left out: loops, conditions and variables. A scenario is a story, not a program; programs are
 * written in Java against {@code org.smmulator.userspace}.
 */
@NullMarked
package org.smmulator.script;

import org.jspecify.annotations.NullMarked;
