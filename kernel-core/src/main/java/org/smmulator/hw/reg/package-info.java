/**
 * Register maps: names, offsets and bit fields as the manuals print them, without behaviour.
 *
 * <p>Start at {@link org.smmulator.hw.reg.RegisterMap}. A map is shared by the driver that programs
 * the registers and the model that answers; {@code hw.bus.RegisterFile} adds the model's behaviour.
 * Structures that both exchange in memory (queue entries, table entries) are made of {@link
 * org.smmulator.hw.reg.Word64}s. Overlapping registers and overlapping fields are refused when the
 * map's class loads.
 *
 * <p>Left out: reset values and access rights, which are each model's own to declare; registers
 * wider than 64 bits, because no device has any.
 *
 * <p>Threads: everything is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.reg;

import org.jspecify.annotations.NullMarked;
