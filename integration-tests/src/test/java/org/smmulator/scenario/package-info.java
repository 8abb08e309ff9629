/**
 * End-to-end stories: each boots a board, runs clients on it, and looks at what came of it.
 *
 * <p>Start at {@link org.smmulator.scenario.ShippedScenariosTest}.
 */
@NullMarked
package org.smmulator.scenario;

import org.jspecify.annotations.NullMarked;
