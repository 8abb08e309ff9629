/**
 * Homework in the manner of OSTEP's simulators: numbers from a seed, questions, and the answers.
 *
 * <p>Start at {@link org.smmulator.report.exercise.Exercises}: the kinds by their names; each kind
 * is an {@link org.smmulator.report.exercise.Exercise} that makes a {@link
 * org.smmulator.report.exercise.Sheet}. The answers come from the machine itself: from its tables,
 * its TLB, its allocator, its decoders, or from two of its runs.
 *
 * <p>Left out: grades. Who answers compares with {@code -c}.
 *
 * <p>Threads: {@link org.smmulator.report.exercise.Bench} runs what needs a kernel in a thread of
 * the machine.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.exercise;

import org.jspecify.annotations.NullMarked;
