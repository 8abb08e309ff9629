package org.smmulator.kernel.device;

import org.smmulator.kernel.errno.ErrnoException;

/** The calls of the driver core to the IOMMU core. */
public interface IommuHooks {
  /** A device has come. Kernel: {@code BUS_NOTIFY_ADD_DEVICE}. */
  void deviceAdded(Device device);

  /** A device has gone. Kernel: {@code BUS_NOTIFY_REMOVED_DEVICE}. */
  void deviceRemoved(Device device);

  /**
   * Puts {@code device} behind its IOMMU. Kernel: {@code of_iommu_configure()}.
   *
   * @throws ErrnoException EPROBE_DEFER to have its driver's probe put off; with any other the
   *     device goes on without an IOMMU
   */
  void configure(Device device) throws ErrnoException;

  /**
   * A driver that uses the DMA API is about to bind.
   *
   * @throws ErrnoException EBUSY if the device's group is not in its default domain; EPROBE_DEFER
   */
  void useDefaultDomain(Device device) throws ErrnoException;

  /** Ends {@link #useDefaultDomain}. */
  void unuseDefaultDomain(Device device);

  /** A driver that looks after its device's DMA itself is about to bind. */
  void managedByDriver(Device device);

  /** Ends {@link #managedByDriver}. */
  void releasedByDriver(Device device);
}
