package org.smmulator.hw.bus;

/**
 * The port of a PCIe device that asks before it touches memory, and has missing pages made present:
 * ATS and PRI as the device does them.
 *
 * <p>Not modelled: a cache of answers. The device asks anew for each access, so what software
 * invalidates is never left behind in it.
 */
public final class RequestingTranslator implements Translator {
  private final PageRequestPort iommu;

  public RequestingTranslator(PageRequestPort iommu) {
    this.iommu = iommu;
  }

  /** As {@link Translator#translate}; blocks while a page is made present. */
  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    while (true) {
      long pa = iommu.translationRequest(streamId, substreamId, iova, access);
      if (pa >= 0) {
        return pa;
      }
      if (iommu.pageRequest(streamId, substreamId, iova, 1, access)
          != PageRequestPort.Answer.SUCCESS) {
        return ABORT;
      }
    }
  }
}
