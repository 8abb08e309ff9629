package org.smmulator.iommu;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.IommuHooks;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The buses' events that concern IOMMUs: they and their devices come and go, and drivers bind to
 * devices.
 *
 * <p>Kernel: {@code iommu_bus_notifier()} and the calls of the driver core.
 */
public final class IommuBus implements IommuHooks {
  private final IommuProbe probe;
  private final IommuDesign design;
  private final DefaultDomains defaultDomains;

  IommuBus(IommuProbe probe, IommuDesign design, DefaultDomains defaultDomains) {
    this.probe = probe;
    this.design = design;
    this.defaultDomains = defaultDomains;
  }

  /**
   * Adds an IOMMU that has a driver now, and takes every device that waited for it. Kernel: {@code
   * iommu_device_register()}.
   *
   * @throws ErrnoException what one of those devices failed with; the instance is then gone again
   */
  public void register(IommuDevice instance) throws ErrnoException {
    probe.register(instance);
  }

  /** Removes an IOMMU that loses its driver. */
  public void unregister(IommuDevice instance) {
    probe.unregister(instance);
  }

  /** The registered IOMMUs, oldest first. */
  public ImmutableList<IommuDevice> instances() {
    return probe.instances();
  }

  /** A device has appeared on its bus. */
  @Override
  public void deviceAdded(Device device) {
    probe.deviceAdded(device);
  }

  /** A device has gone from its bus. */
  @Override
  public void deviceRemoved(Device device) {
    probe.deviceRemoved(device);
  }

  /**
   * Puts {@code device} into its group before a driver binds to it. Kernel: {@code
   * of_iommu_configure()}.
   *
   * @throws ErrnoException EPROBE_DEFER if its IOMMU has no driver yet; ENODEV if it has no IOMMU
   */
  @Override
  public void configure(Device device) throws ErrnoException {
    probe.configure(device);
  }

  /**
   * A driver that leaves DMA to the DMA API is about to bind. Kernel: {@code
   * iommu_device_use_default_domain()}.
   *
   * @throws ErrnoException EBUSY if another driver has put the device's group elsewhere;
   *     EPROBE_DEFER if the group has no default domain yet
   */
  @Override
  public void useDefaultDomain(Device device) throws ErrnoException {
    IommuGroup group = DeviceIommu.groupOf(device);
    if (group != null) {
      try (var _ = group.hold()) {
        design.driverDomain().bind(group);
      }
    }
  }

  /** Ends {@link #useDefaultDomain}: the driver is gone. */
  @Override
  public void unuseDefaultDomain(Device device) {
    IommuGroup group = DeviceIommu.groupOf(device);
    if (group != null) {
      try (var _ = group.hold()) {
        design.driverDomain().unbind(group);
      }
    }
  }

  /** A driver that looks after DMA itself is about to bind. */
  @Override
  public void managedByDriver(Device device) {
    if (DeviceIommu.groupOf(device) != null) {
      design.driverDomain().bindManaged(design.dma(), device);
    }
  }

  /** Ends {@link #managedByDriver}: the next driver finds the DMA API set up. */
  @Override
  public void releasedByDriver(Device device) {
    IommuGroup group = DeviceIommu.groupOf(device);
    if (group != null) {
      try (var _ = group.hold()) {
        defaultDomains.setUpDma(group, device);
      }
    }
  }
}
