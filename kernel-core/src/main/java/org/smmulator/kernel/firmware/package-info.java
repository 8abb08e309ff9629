/**
 * The device tree: what the board says of itself.
 *
 * <p>Start at {@link org.smmulator.kernel.firmware.DtNode}; {@link
 * org.smmulator.kernel.firmware.DtsParser} makes it from text.
 */
@NullMarked
package org.smmulator.kernel.firmware;

import org.jspecify.annotations.NullMarked;
