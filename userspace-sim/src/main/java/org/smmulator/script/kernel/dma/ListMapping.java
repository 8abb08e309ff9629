package org.smmulator.script.kernel.dma;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;

/** A list of pieces of memory. */
final class ListMapping extends DmaMapping {
  private final DmaApi dma;
  private final Device device;
  private final ScatterList list;
  private final DmaDirection direction;
  private final int attrs;
  private final long first;
  private final int pieces;

  ListMapping(DmaApi dma, Device device, ScatterList list, DmaDirection direction, int attrs) {
    this.attrs = attrs;
    this.dma = dma;
    this.device = device;
    this.list = list;
    this.direction = direction;
    this.first = list.dmaAddress(0);
    this.pieces = list.mappedCount();
    belongTo(device, "unmap list");
  }

  /** {@inheritDoc} That of the first piece. */
  @Override
  public long address() {
    return first;
  }

  @Override
  int pieces() {
    return pieces;
  }

  @Override
  void syncForCpu() {
    dma.syncSgForCpu(device, list, direction);
  }

  @Override
  void syncForDevice() {
    dma.syncSgForDevice(device, list, direction);
  }

  @Override
  protected void giveBack() {
    dma.unmapSg(device, list, direction, attrs);
  }
}
