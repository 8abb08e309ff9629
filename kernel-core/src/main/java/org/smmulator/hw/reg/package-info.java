/**
 * Register maps: names, offsets and bit fields as the manuals print them, without behaviour.
 *
 * <p>Start at {@link org.smmulator.hw.reg.RegisterMap}. A map is shared by the driver that programs
 * the registers and the model that answers; {@code hw.bus.RegisterFile} adds the model's behaviour.
 * Structures that both exchange in memory (queue entries, table entries) are made of {@link
 * org.smmulator.hw.reg.Word64}s. Overlapping registers and overlapping fields are refused when the
 * map's class loads.
 */
@NullMarked
package org.smmulator.hw.reg;

import org.jspecify.annotations.NullMarked;
