/**
 * The part of a PCIe device that speaks ATS and PRI with its IOMMU, and keeps translations.
 *
 * <p>Start at {@link org.smmulator.hw.ats.AtsDevice}, which stands between a device's {@link
 * org.smmulator.hw.bus.BusMaster} and the IOMMU; its memory is a {@code TranslationCache}. While it
 * is off, as after reset, every access is the IOMMU's to translate.
 *
 * <p>Not modelled: requests for several translations at once, prefetch, rights for instructions in
 * translated accesses (which carry no PASID here), a limit to invalidations under way. PRI has no
 * switch of its own: who can ask for pages does so while ATS is on.
 *
 * <p>Threads: one context at a time. A page request waits inside {@code translate()}, in the
 * device's process; nothing else here blocks, and but for invalidations nothing allocates.
 */
@NullMarked
package org.smmulator.hw.ats;

import org.jspecify.annotations.NullMarked;
