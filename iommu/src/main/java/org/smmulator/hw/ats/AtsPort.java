package org.smmulator.hw.ats;

import org.smmulator.hw.bus.Translator;

/**
 * The requests of a PCIe device to its IOMMU: it asks for translations before it touches memory and
 * caches the answers (ATS), and has missing pages made present (PRI).
 *
 * <p>A device that has no answer yet sends a {@link #translationRequest}; its accesses to memory
 * then go by {@link #translated}. If its request is not granted it may send a {@link #pageRequest}
 * and, if that succeeds, ask again. An IOMMU invalidates its answers through the device's {@link
 * AtcPort}.
 */
public interface AtsPort {
  /** The response that software gives to a page request. */
  enum Answer {
    /** The pages are there now; the device may ask again. */
    SUCCESS,
    /** The pages will not be present: the device must abort the access. */
    INVALID,
    /** Something is wrong with page requests: the device must stop sending them. */
    FAILURE
  }

  /** Wires up the cache that receives invalidations for stream {@code streamId}, once. */
  void connect(int streamId, AtcPort device);

  /**
   * Asks where {@code iova} leads; a page that is not there is no fault, and nothing is recorded.
   *
   * @param access as for {@link Translator#translate}: what the device wants to do
   * @return an {@link AtsCompletion}, which may grant less, or more, than was asked for
   */
  long translationRequest(int streamId, int substreamId, long iova, int access);

  /**
   * An access to an address that is translated already. Like {@link Translator#translate} this
   * neither allocates nor throws; it never stalls.
   *
   * @param pa a physical address: what a completion said
   * @return where it leads, or {@link Translator#ABORT}
   */
  long translated(int streamId, long pa, int access);

  /**
   * Asks for {@code pages} pages of 4 KiB from {@code iova} on, as one group of requests, and
   * blocks the calling process until software answers the group.
   */
  Answer pageRequest(int streamId, int substreamId, long iova, int pages, int access);

  /**
   * Receives a device's answer to {@link AtcPort#invalidate}.
   *
   * @param tag the request's
   */
  void invalidationCompleted(int streamId, int tag);
}
