/**
 * The founding arguments, one class each: the same script under each side's proposal, and what is
 * observed. Beside them, what the kernel's own parameters and its build decide.
 *
 * <p>Start at {@link org.smmulator.scenario.arguments.WhosePageSizesTest}.
 */
@NullMarked
package org.smmulator.scenario.arguments;

import org.jspecify.annotations.NullMarked;
