package org.smmulator.hw.bus;

/**
 * The port of a PCIe device that asks before it touches memory, and has missing pages made present:
 * ATS and PRI as the device does them. It may ask for the pages that follow in the same group; if
 * it cannot have all of them it asks for the one that it needs.
 *
 * <p>Not modelled: a cache of answers. The device asks anew for each access, so what software
 * invalidates is never left behind in it.
 */
public final class RequestingTranslator implements Translator {
  private final PageRequestPort iommu;
  private final int pages;

  /**
   * Makes the port.
   *
   * @param pages how many pages it asks for at a time, at least 1
   */
  public RequestingTranslator(PageRequestPort iommu, int pages) {
    this.iommu = iommu;
    this.pages = pages;
  }

  /** As {@link Translator#translate}; blocks while a page is made present. */
  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    while (true) {
      long pa = iommu.translationRequest(streamId, substreamId, iova, access);
      if (pa >= 0) {
        return pa;
      }
      PageRequestPort.Answer answer = iommu.pageRequest(streamId, substreamId, iova, pages, access);
      if (answer == PageRequestPort.Answer.INVALID && pages > 1) {
        answer = iommu.pageRequest(streamId, substreamId, iova, 1, access);
      }
      if (answer != PageRequestPort.Answer.SUCCESS) {
        return ABORT;
      }
    }
  }
}
