/**
 * Clients that mean harm, and clients that share what they should not: whatever they do with the
 * calls that there are, nobody else's bytes, jobs and good name suffer.
 *
 * <p>Start at {@link org.smmulator.attacks.MaliciousClientsTest}, whose tests are stories with a
 * victim; {@link org.smmulator.attacks.SharedFilePropertyTest} lets chance do the attacking.
 */
@NullMarked
package org.smmulator.attacks;

import org.jspecify.annotations.NullMarked;
