/**
 * The kinds of choice that a machine's configuration has.
 *
 * <p>Start at {@link org.smmulator.machine.config.choice.Switch}. The switches themselves stand
 * with their subsystems, in {@code machine.config} and in rooms of drivers beneath it.
 *
 * <p>Left out: choices that change while a machine runs.
 *
 * <p>Threads: every class here is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.config.choice;

import org.jspecify.annotations.NullMarked;
