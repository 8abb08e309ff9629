package org.smmulator.script.kernel.dma;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;

/** One run of memory. */
final class PageMapping extends DmaMapping {
  private final DmaApi dma;
  private final Device device;
  private final long dmaAddress;
  private final long sizeBytes;
  private final DmaDirection direction;
  private final int attrs;

  PageMapping(
      DmaApi dma,
      Device device,
      long dmaAddress,
      long sizeBytes,
      DmaDirection direction,
      int attrs) {
    this.attrs = attrs;
    this.dma = dma;
    this.device = device;
    this.dmaAddress = dmaAddress;
    this.sizeBytes = sizeBytes;
    this.direction = direction;
    belongTo(device, "unmap pages");
  }

  @Override
  public long address() {
    return dmaAddress;
  }

  @Override
  int pieces() {
    return 1;
  }

  @Override
  void syncForCpu() {
    dma.syncForCpu(device, dmaAddress, sizeBytes, direction);
  }

  @Override
  void syncForDevice() {
    dma.syncForDevice(device, dmaAddress, sizeBytes, direction);
  }

  @Override
  protected void giveBack() {
    dma.unmapPage(device, dmaAddress, sizeBytes, direction, attrs);
  }
}
