/**
 * ATS and PRI on the side of a PCIe device: requests, and a cache of translations; and the wires to
 * its IOMMU.
 *
 * <p>The IOMMU implements {@link org.smmulator.hw.ats.AtsPort}, and invalidates through {@link
 * org.smmulator.hw.ats.AtcPort}. Start at {@link org.smmulator.hw.ats.AtsDevice}, which stands
 * between a device's {@link org.smmulator.hw.bus.BusMaster} and the IOMMU; its memory is a {@code
 * TranslationCache}. While it is off, as after reset, every access is the IOMMU's to translate.
 *
 * <p>Not modelled: requests for several translations at once and prefetch, because a device need
 * not send them; rights for instructions in translated accesses, because these carry no PASID here;
 * a limit to invalidations under way, because the SMMU has no more tags. PRI has no switch of its
 * own: a device with PRI requests pages while ATS is on.
 *
 * <p>Threads: one context at a time. A page request waits inside {@code translate()}, in the
 * device's process; nothing else here blocks, and but for invalidations nothing allocates.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.ats;

import org.jspecify.annotations.NullMarked;
