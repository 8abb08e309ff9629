package org.smmulator.kernel.dma;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EIO;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * What drivers call to make memory reachable for their device: whatever is between the two.
 *
 * <p>Kernel: {@code kernel/dma/mapping.c}. A device with {@link DmaOps} attached uses those, others
 * map directly. A direction {@link DmaDirection#NONE} is a bug.
 */
public final class DmaApi {
  private final DmaOps direct;

  /** Devices without their own operations use {@code direct}. */
  public DmaApi(DmaDirect direct) {
    this.direct = direct;
  }

  /**
   * Allocates zeroed memory that the device and the CPU share. Kernel: {@code
   * dma_alloc_coherent()}.
   *
   * @throws ErrnoException ENOMEM
   */
  public CoherentBuffer allocCoherent(Device device, long sizeBytes) throws ErrnoException {
    return opsOf(device).allocCoherent(device, sizeBytes);
  }

  /** Gives back what {@link #allocCoherent} gave. Kernel: {@code dma_free_coherent()}. */
  public void freeCoherent(Device device, CoherentBuffer buffer) {
    opsOf(device).freeCoherent(device, buffer);
  }

  /**
   * Maps physical memory; returns the DMA address or {@link DmaOps#MAPPING_ERROR}. Kernel: {@code
   * dma_map_page()}.
   */
  public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction) {
    checkDirection(direction);
    return opsOf(device).mapPage(device, pa, sizeBytes, direction);
  }

  /** Undoes {@link #mapPage}. Kernel: {@code dma_unmap_page()}. */
  public void unmapPage(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    checkDirection(direction);
    opsOf(device).unmapPage(device, dmaAddress, sizeBytes, direction);
  }

  /**
   * Maps a list; returns how many pieces the device sees, 0 on any error. Kernel: {@code
   * dma_map_sg()}.
   */
  public int mapSg(Device device, ScatterList list, DmaDirection direction) {
    try {
      map(device, list, direction);
    } catch (ErrnoException e) {
      return 0;
    }
    return list.mappedCount();
  }

  /**
   * Maps a list. Kernel: {@code dma_map_sgtable()}.
   *
   * @throws ErrnoException EINVAL, ENOMEM, EIO or EREMOTEIO; any other that the operations threw
   *     becomes EIO
   */
  public void mapSgtable(Device device, ScatterList list, DmaDirection direction)
      throws ErrnoException {
    try {
      map(device, list, direction);
    } catch (ErrnoException e) {
      switch (e.errno()) {
        case EINVAL, ENOMEM, EIO, EREMOTEIO -> throw e;
        default -> throw EIO.because("%s", e.getMessage());
      }
    }
  }

  /** Undoes {@link #mapSg} and {@link #mapSgtable}. Kernel: {@code dma_unmap_sgtable()}. */
  public void unmapSg(Device device, ScatterList list, DmaDirection direction) {
    checkDirection(direction);
    opsOf(device).unmapSg(device, list, direction);
  }

  private void map(Device device, ScatterList list, DmaDirection direction) throws ErrnoException {
    checkDirection(direction);
    checkState(list.mappedCount() == 0, "the list is mapped already");
    opsOf(device).mapSg(device, list, direction);
  }

  private DmaOps opsOf(Device device) {
    DmaOps own = device.find(DmaOps.class);
    return own == null ? direct : own;
  }

  private static void checkDirection(DmaDirection direction) {
    checkArgument(direction != DmaDirection.NONE, "DMA without a direction");
  }
}
