/**
 * The registers of Samsung's G-Scaler.
 *
 * <p>Start at {@link org.smmulator.regs.gsc.GscRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.gsc;

import org.jspecify.annotations.NullMarked;
