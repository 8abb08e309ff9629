/**
 * The command line: {@code smmulator boards | boot | scenarios | run}.
 *
 * <p>Start at {@link org.smmulator.cli.Main}; each subcommand is one class. What a user got wrong
 * ends in two lines, the problem and the cure, and {@link org.smmulator.cli.ExitCode#BAD_INPUT}.
 */
@NullMarked
package org.smmulator.cli;

import org.jspecify.annotations.NullMarked;
