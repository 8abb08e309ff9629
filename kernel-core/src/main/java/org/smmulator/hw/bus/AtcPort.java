package org.smmulator.hw.bus;

/** A device's cache of translations (an ATC), as its IOMMU sees it. */
public interface AtcPort {
  /** A span that covers every address, in {@link #invalidate}. */
  int ALL_PAGES_LOG2 = 52;

  /**
   * Tells the device to forget translations. It answers with {@link AtsPort#invalidationCompleted},
   * later, when no access by one of them is under way any more.
   *
   * @param tag names the request in the answer
   * @param substreamId the PASID whose translations go; with {@link Translator#NO_SUBSTREAM} those
   *     with any PASID and without one go, as there is no way to name the latter alone
   * @param global whether those of all PASIDs go; says nothing without one
   * @param first the first address, a multiple of the span
   * @param pagesLog2 the span is {@code 1 << pagesLog2} pages of 4 KiB; {@link #ALL_PAGES_LOG2}:
   *     everything
   */
  void invalidate(int tag, int substreamId, boolean global, long first, int pagesLog2);
}
