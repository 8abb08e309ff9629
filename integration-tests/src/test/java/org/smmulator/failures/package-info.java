/**
 * Allocations that fail: the nth of a call, for every n that there is. What a call had begun is
 * undone, and nobody else notices.
 *
 * <p>Start at {@link org.smmulator.failures.FailNthTest}.
 */
@NullMarked
package org.smmulator.failures;

import org.jspecify.annotations.NullMarked;
