package org.smmulator.kernel.firmware;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;

/**
 * One interrupt of a node. Kernel: {@code struct of_phandle_args} of {@code of_irq_parse_one()}.
 *
 * @param controller who takes it; null on a board that describes no interrupt controller, which
 *     then has a GIC and nothing else
 * @param cells as many as the controller's {@code #interrupt-cells}
 */
public record DtInterrupt(@Nullable DtNode controller, ImmutableIntArray cells) {}
