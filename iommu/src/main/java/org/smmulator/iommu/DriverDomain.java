package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * What the core makes of a driver that brings its own domain but uses the DMA API: the switch
 * {@code dma.driver-domain}, one class for each value. Calls come with the group's lock held.
 */
public interface DriverDomain {
  /**
   * A driver that relies on the default domain is about to bind.
   *
   * @throws ErrnoException EBUSY, EPROBE_DEFER: it must not
   */
  void bind(IommuGroup group) throws ErrnoException;

  /** That driver is gone. */
  void unbind(IommuGroup group);

  /** A driver that looks after DMA itself is about to bind. */
  default void bindManaged(Device device) {}

  /**
   * The driver of {@code device} wants the DMA API to map into {@code own}.
   *
   * @throws ErrnoException EOPNOTSUPP if there is no such call under this value; EEXIST if the
   *     domain has a user already
   */
  default void useForDma(IommuGroup group, Device device, IommuDomain.Paging own)
      throws ErrnoException {
    throw EOPNOTSUPP.because("the DMA API maps into the default domain of group %d", group.id());
  }

  /**
   * Ends {@link #useForDma}, if {@code own} was used so: it is being detached.
   *
   * @return whether the DMA API is to map into the default domain again from now on
   */
  default boolean endUseForDma(IommuGroup group, Device device, IommuDomain own) {
    return false;
  }
}
