/**
 * The command line: {@code smmulator boards | boot | topology | walk | exercise | explain |
 * scenarios | steps | schema | switches | run | debate | test | completion | man}.
 *
 * <p>Start at {@link org.smmulator.cli.Main}, then read {@code SmmulatorCommand}: each subcommand
 * is one method. Bad input ends in two lines, the problem and the cure, and {@link
 * org.smmulator.cli.ExitCode#BAD_INPUT}.
 *
 * <p>Left out: an interactive shell; a scenario says what processes do.
 *
 * <p>Threads: everything runs in the thread that calls {@code Main}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.cli;

import org.jspecify.annotations.NullMarked;
