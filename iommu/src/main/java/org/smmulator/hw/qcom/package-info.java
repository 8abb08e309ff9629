/**
 * A hardware model of Qualcomm's older IOMMU, the MSM8916's: an SMMUv2 whose global registers
 * belong to the secure world, so that a row of context banks is all that Linux reaches.
 *
 * <p>Start at {@link org.smmulator.hw.qcom.QcomIommu}. A transaction goes to the {@code QcomBank}
 * of its stream; {@link org.smmulator.hw.qcom.QcomSecureWorld} is the firmware that gives banks to
 * the non-secure world. The registers are those of {@code regs.smmuv2}, banks fault as an SMMUv2's
 * do ({@link org.smmulator.hw.smmuv2.ContextFaults}), and tables are read by {@code hw.vmsa}.
 *
 * <p>Not modelled: short descriptors, TTBR1 and ATS1PR, because {@code qcom_iommu.c} uses none of
 * them; the global registers, because the secure world owns them.
 *
 * <p>Threads: one context at a time. A stalled transaction blocks in {@code translate()}, in its
 * device's process; nothing else here blocks.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.qcom;

import org.jspecify.annotations.NullMarked;
