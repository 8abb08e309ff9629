/**
 * Faults planted in a machine's wiring, and the contracts that must notice them.
 *
 * <p>Start at {@link org.smmulator.mutants.MutantsTest}. A {@link org.smmulator.mutants.Contract}
 * holds on a sound machine; a {@link org.smmulator.mutants.Mutant} is a machine with one thing
 * wrong; a mutant that a contract does not notice means that the contract does not look.
 */
@NullMarked
package org.smmulator.mutants;

import org.jspecify.annotations.NullMarked;
