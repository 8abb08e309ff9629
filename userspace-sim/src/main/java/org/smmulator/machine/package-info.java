/**
 * Machines: boards, their models and drivers wired together, and how they are configured.
 *
 * <p>This is the one place that knows both software and hardware.
 */
@NullMarked
package org.smmulator.machine;

import org.jspecify.annotations.NullMarked;
