package org.smmulator.kernel.dma;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * One way to make memory reachable for a device. Kernel: {@code struct dma_map_ops}.
 *
 * <p>{@code attrs} are bits of {@link DmaAttr}, the same for an unmap as for its map.
 *
 * <p>A device that has one attached, under this class, uses it; others map directly. Drivers call
 * {@link DmaApi}.
 */
public interface DmaOps {
  /** The answer of {@link #mapPage} on failure; never a DMA address. */
  long MAPPING_ERROR = ~0L;

  /**
   * Allocates zeroed memory within the device's coherent mask.
   *
   * @throws ErrnoException ENOMEM
   */
  CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs) throws ErrnoException;

  /** Gives back what {@link #allocCoherent} gave. */
  void freeCoherent(Device device, CoherentBuffer buffer);

  /** Maps memory at {@code pa}; returns its DMA address or {@link #MAPPING_ERROR}. */
  long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs);

  /** Undoes {@link #mapPage}. */
  void unmapPage(Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs);

  /**
   * Maps all of {@code list}, and notes in it where the device finds it.
   *
   * @throws ErrnoException if one entry cannot be mapped; none is then
   */
  void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException;

  /** Undoes {@link #mapSg}, mapping by mapping unless a kind can do it at once. */
  default void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    for (int i = 0; i < list.mappedCount(); i++) {
      unmapPage(device, list.dmaAddress(i), list.dmaLength(i), direction, attrs);
    }
    list.clearMapped();
  }

  /** Lets the CPU see what the device wrote to mapped memory. */
  void syncForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction);

  /** Lets the device see what the CPU wrote to mapped memory. */
  void syncForDevice(Device device, long dmaAddress, long sizeBytes, DmaDirection direction);
}
