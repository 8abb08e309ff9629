/**
 * The registers of Samsung's G-Scaler.
 *
 * <p>Start at {@link org.smmulator.regs.gsc.GscRegs}.
 */
@NullMarked
package org.smmulator.regs.gsc;

import org.jspecify.annotations.NullMarked;
