package org.smmulator.dmabuf;

import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A device that is about to use a shared buffer, from {@link DmaBuf#attach} to {@link #detach}.
 * Kernel: {@code struct dma_buf_attachment}, a static one: the exporter leaves the memory where it
 * is for as long as it is attached.
 *
 * <p>The device sees the memory between {@link #map} and {@link #unmap} only. Callers do not hold
 * the buffer's reservation, but a reference to the buffer.
 */
public final class DmaBufAttachment {
  private final DmaBuf buffer;
  private final Device device;
  private final DmaApi dma;

  DmaBufAttachment(DmaBuf buffer, Device device, DmaApi dma) {
    this.buffer = buffer;
    this.device = device;
    this.dma = dma;
  }

  public DmaBuf buffer() {
    return buffer;
  }

  /**
   * Has the device see the memory, once the exporter's moves of it are done. Kernel: {@code
   * dma_buf_map_attachment_unlocked()}.
   *
   * @return the pieces, mapped, which {@link #unmap} takes back
   * @throws ErrnoException ERESTARTSYS if the caller is killed while it waits; the exporter's
   */
  public ScatterList map(DmaDirection direction) throws ErrnoException {
    try (var _ = buffer.reservation().lockAlone()) {
      ScatterList pieces = buffer.exporter().map(device, dma, direction);
      WaitResult moved = buffer.reservation().awaitInterruptible(Usage.KERNEL, WaitQueue.FOREVER);
      if (moved == WaitResult.INTERRUPTED) {
        buffer.exporter().unmap(device, dma, pieces, direction);
        throw ERESTARTSYS.because("killed while the buffer moves");
      }
      return pieces;
    }
  }

  /** The device sees the memory no more. Kernel: {@code dma_buf_unmap_attachment_unlocked()}. */
  public void unmap(ScatterList pieces, DmaDirection direction) {
    try (var _ = buffer.reservation().lockAlone()) {
      buffer.exporter().unmap(device, dma, pieces, direction);
    }
  }

  /** Lets the exporter do with the memory what it likes. Kernel: {@code dma_buf_detach()}. */
  public void detach() {
    buffer.exporter().detach();
  }
}
