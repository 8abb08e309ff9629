package org.smmulator.kernel.dma;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The addresses by which devices reach doorbells: registers that turn a store into an interrupt.
 *
 * <p>Kernel: {@code iommu_dma_prepare_msi()} and {@code msi_msg_set_addr()}. A message-signalled
 * interrupt is a store like any other, so a device behind an IOMMU needs the doorbell mapped.
 */
public interface MsiDoorbells {
  /**
   * Makes the doorbell at {@code doorbellPa} reachable for {@code device}, wherever its DMA goes
   * now.
   *
   * @return the bus address for the device to store to; the offset in the page is that of {@code
   *     doorbellPa}
   * @throws ErrnoException ENOMEM if there is no room for the mapping; EOPNOTSUPP if the domain
   *     that the device's DMA goes into has none for doorbells
   */
  long addressFor(Device device, long doorbellPa) throws ErrnoException;

  /** For machines whose IOMMUs, if any, translate no doorbell: the address is physical. */
  static MsiDoorbells direct() {
    return (device, doorbellPa) -> doorbellPa;
  }
}
