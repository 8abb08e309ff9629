package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The core's treatment of a driver that brings its own domain but uses the DMA API: the switch
 * {@code dma.driver-domain}. Calls come with the group's lock held.
 */
public sealed interface DriverDomain {
  /**
   * A driver that relies on the default domain is about to bind.
   *
   * @throws ErrnoException EBUSY, EPROBE_DEFER: it must not
   */
  default void bind(IommuGroup group) throws ErrnoException {}

  /** Ends {@link #bind}: the driver is gone. */
  default void unbind(IommuGroup group) {}

  /** A driver that looks after DMA itself is about to bind. */
  default void bindManaged(DmaLayer dma, Device device) {}

  /**
   * The driver of {@code device} wants the DMA API to map into {@code own}.
   *
   * @throws ErrnoException EOPNOTSUPP if there is no such call under this value; EEXIST if the
   *     domain has a user already
   */
  default void useForDma(DmaLayer dma, IommuGroup group, Device device, IommuDomain.Paging own)
      throws ErrnoException {
    throw EOPNOTSUPP.because("the DMA API maps into the default domain of group %d", group.id());
  }

  /**
   * Ends {@link #useForDma}, if {@code own} was used so: it is being detached.
   *
   * @return whether the DMA API is to map into the default domain again from now on
   */
  default boolean endUseForDma(DmaLayer dma, IommuGroup group, Device device, IommuDomain own) {
    return false;
  }

  /** A value under which each driver that binds relies on the default domain. */
  sealed interface Owned extends DriverDomain {
    @Override
    default void bind(IommuGroup group) throws ErrnoException {
      group.useDefaultDomain();
    }

    @Override
    default void unbind(IommuGroup group) {
      group.unuseDefaultDomain();
    }
  }

  /**
   * {@code driver-managed}: a driver that says {@code driver_managed_dma} looks after its domain,
   * all others own a share of the default domain. Linux does so since 2022.
   */
  record DriverManaged() implements Owned {}

  /** {@code none}: a driver's bind does not ask who else is in the group. Linux did so in 2018. */
  record None() implements DriverDomain {}

  /**
   * {@code set-default}: a driver can make its domain the group's default, so that a lookup of the
   * default finds it. Szyprowski's remedy of 2018.
   */
  record SetDefault() implements DriverDomain {
    @Override
    public void useForDma(DmaLayer dma, IommuGroup group, Device device, IommuDomain.Paging own)
        throws ErrnoException {
      dma.adopt(own);
      group.makeDefault(own);
      dma.setUp(device, own);
    }

    @Override
    public boolean endUseForDma(DmaLayer dma, IommuGroup group, Device device, IommuDomain own) {
      if (!group.usesForDma(own) || !(own instanceof IommuDomain.Paging paging)) {
        return false;
      }
      dma.tearDown(device);
      dma.release(paging);
      group.restoreDefault();
      return true;
    }
  }

  /**
   * {@code flag-and-bless}: a flag in the driver keeps the core's DMA setup away from its device,
   * and a call blesses the driver's domain for the DMA API later. Named as a remedy in 2018.
   */
  record FlagAndBless() implements Owned {
    @Override
    public void bindManaged(DmaLayer dma, Device device) {
      dma.tearDown(device);
    }

    @Override
    public void useForDma(DmaLayer dma, IommuGroup group, Device device, IommuDomain.Paging own)
        throws ErrnoException {
      dma.adopt(own);
      group.bless(own);
      dma.setUp(device, own);
    }

    @Override
    public boolean endUseForDma(DmaLayer dma, IommuGroup group, Device device, IommuDomain own) {
      if (group.usesForDma(own) && own instanceof IommuDomain.Paging paging) {
        dma.tearDown(device);
        dma.release(paging);
        group.bless(null);
      }
      return false; // the flag keeps the DMA API away as long as the driver is bound
    }
  }
}
