/**
 * The part of an interrupt controller that stores reach.
 *
 * <p>Start at {@link org.smmulator.hw.gic.V2mFrame}. Its registers are in {@link
 * org.smmulator.regs.gic}.
 *
 * <p>Not modelled: the distributor and the CPU interfaces, which are wires here; the ITS of a
 * GICv3, because an IOMMU sees a doorbell either way.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.gic;

import org.jspecify.annotations.NullMarked;
