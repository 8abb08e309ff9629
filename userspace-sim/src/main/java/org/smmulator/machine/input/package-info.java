/**
 * Words and files that a user gives: found, read, and answered with a cure if they are wrong.
 *
 * <p>Start at {@link org.smmulator.machine.input.BadInputException}: the command line prints its
 * problem and its cure, and exits with 2.
 *
 * <p>Left out: parsers. A device tree is parsed by {@code kernel.firmware}, a scenario by {@code
 * script}.
 *
 * <p>Threads: no class here has state.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.input;

import org.jspecify.annotations.NullMarked;
