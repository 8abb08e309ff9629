package org.smmulator.script.kernel.dma;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.script.Kind;
import org.smmulator.script.kernel.BusAddress;
import org.smmulator.script.kernel.DriverResource;
import org.smmulator.script.kernel.KernelMemory;

/** Memory that CPU and device share: it has an address for each. */
final class CoherentMemory extends DriverResource implements KernelMemory, BusAddress {
  static final Kind<CoherentMemory> KIND = new Kind<>("coherent memory", CoherentMemory.class);

  private final DmaApi dma;
  private final Device device;
  private final CoherentBuffer buffer;

  CoherentMemory(DmaApi dma, Device device, CoherentBuffer buffer) {
    this.dma = dma;
    this.device = device;
    this.buffer = buffer;
    belongTo(device, "free coherent memory");
  }

  @Override
  public long paAt(long offset) {
    return buffer.paAt(Math.clamp(offset, 0, buffer.sizeBytes() - Integer.BYTES));
  }

  @Override
  public long address() {
    return buffer.dmaAddress();
  }

  @Override
  protected void giveBack() {
    dma.freeCoherent(device, buffer);
  }
}
