package org.smmulator.hw.bus;

/**
 * How a PCIe device asks its IOMMU before it touches memory (ATS), and has missing pages made
 * present (PRI).
 *
 * <p>A device that has no answer yet asks {@link #translationRequest}; if that is refused it sends
 * a {@link #pageRequest} and, if that succeeds, asks again.
 */
public interface PageRequestPort {
  /** What software made of a page request. */
  enum Answer {
    /** The pages are there now; the device may ask again. */
    SUCCESS,
    /** The pages will not be there: the device must give up the access. */
    INVALID,
    /** Something is wrong with page requests: the device must stop sending them. */
    FAILURE
  }

  /**
   * Asks where {@code iova} leads; a page that is not there is no fault, and nothing is recorded.
   *
   * @param access as for {@link Translator#translate}
   * @return the physical address, or {@link Translator#ABORT}
   */
  long translationRequest(int streamId, int substreamId, long iova, int access);

  /**
   * Asks for {@code pages} pages of 4 KiB from {@code iova} on, as one group of requests, and
   * blocks the calling process until software answers the group.
   */
  Answer pageRequest(int streamId, int substreamId, long iova, int pages, int access);
}
