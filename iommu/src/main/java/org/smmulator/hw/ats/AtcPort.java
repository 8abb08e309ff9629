package org.smmulator.hw.ats;

import org.smmulator.hw.bus.Translator;

/** A device's cache of translations (an ATC), as its IOMMU sees it. */
public interface AtcPort {
  /** A span that covers every address, in {@link #invalidate}. */
  int ALL_PAGES_LOG2 = 52;

  /**
   * Sends an invalidation request to the device. The device answers with {@link
   * AtsPort#invalidationCompleted}, later, when no access by one of them is under way any more.
   *
   * @param tag names the request in the answer
   * @param substreamId the PASID whose translations are invalidated; {@link
   *     Translator#NO_SUBSTREAM} invalidates those with any PASID and without one, as no request
   *     names the latter alone
   * @param global whether the translations of all PASIDs are invalidated; ignored without a PASID
   * @param first the first address, a multiple of the span
   * @param pagesLog2 the span is {@code 1 << pagesLog2} pages of 4 KiB; {@link #ALL_PAGES_LOG2}:
   *     everything
   */
  void invalidate(int tag, int substreamId, boolean global, long first, int pagesLog2);
}
