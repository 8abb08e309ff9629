/**
 * The rules of the house, and proof that each of them can fail.
 *
 * <p>Start at {@link org.smmulator.architecture.HouseRules}. {@code planted} holds one offender for
 * each rule, found by the rule's own test and by nothing else.
 */
@NullMarked
package org.smmulator.architecture;

import org.jspecify.annotations.NullMarked;
