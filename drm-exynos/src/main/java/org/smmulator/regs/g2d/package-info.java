/**
 * The registers of Samsung's FIMG2D v4.1, and the command lists that it fetches.
 *
 * <p>Start at {@link org.smmulator.regs.g2d.G2dRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.g2d;

import org.jspecify.annotations.NullMarked;
