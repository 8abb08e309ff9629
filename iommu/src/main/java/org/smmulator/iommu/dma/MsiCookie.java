package org.smmulator.iommu.dma;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * For a domain that its owner maps: room for doorbells and nothing else. Kernel: {@code
 * IOMMU_COOKIE_DMA_MSI}.
 */
final class MsiCookie implements DomainCookie {
  private final MsiPages pages = new MsiPages();
  private long nextIova;

  /** Takes iovas from {@code base} up, which the domain's owner keeps free. */
  MsiCookie(long base) {
    nextIova = base;
  }

  @Override
  public MsiPages msiPages() {
    return pages;
  }

  @Override
  public long msiPageBytes() {
    return PageAllocator.PAGE_SIZE;
  }

  @Override
  public long takeMsiIova(Device device) {
    long iova = nextIova;
    nextIova += msiPageBytes();
    return iova;
  }

  @Override
  public void giveBackMsiIova(long iova) {
    nextIova -= msiPageBytes();
  }
}
