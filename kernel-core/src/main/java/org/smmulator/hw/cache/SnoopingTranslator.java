package org.smmulator.hw.cache;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;

/**
 * The way of a coherent device to memory: behind its IOMMU, past the CPUs' caches.
 *
 * <p>A machine that models no caches leaves it out, and its devices pay nothing.
 *
 * <p>Not modelled: memory attributes. The device snoops whatever its pagetables say of
 * cacheability.
 */
public final class SnoopingTranslator implements Translator {
  private final Translator iommu;
  private final SnoopPort caches;

  public SnoopingTranslator(Translator iommu, SnoopPort caches) {
    this.iommu = iommu;
    this.caches = caches;
  }

  /** As {@link Translator#translate}; a stalled access snoops when it goes on, not before. */
  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    long pa = iommu.translate(streamId, substreamId, iova, access);
    if (pa >= 0) {
      caches.snoop(pa, (access & BusMaster.WRITE) != 0);
    }
    return pa;
  }

  @Override
  public void masterReset(int streamId) {
    iommu.masterReset(streamId);
  }
}
