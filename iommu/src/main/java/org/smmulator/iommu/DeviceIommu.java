package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** The core's state of a device that masters through an IOMMU. Kernel: {@code struct dev_iommu}. */
final class DeviceIommu {
  private final IommuFwspec spec;
  private @Nullable IommuGroup group;
  private boolean requiresDirect;

  DeviceIommu(IommuFwspec spec) {
    this.spec = spec;
  }

  /** The state of a device that must have one. */
  static DeviceIommu of(Device device) {
    DeviceIommu state = device.find(DeviceIommu.class);
    checkState(state != null, "%s has no IOMMU", device.name());
    return state;
  }

  IommuFwspec spec() {
    return spec;
  }

  IommuOps ops() {
    return spec.iommu().ops();
  }

  /** Null until the IOMMU's driver has taken the device. */
  @Nullable IommuGroup group() {
    return group;
  }

  void join(IommuGroup joined) {
    group = joined;
  }

  /** Returns whether firmware relies on DMA of the device, which must then not be blocked. */
  boolean requiresDirect() {
    return requiresDirect;
  }

  void requireDirect() {
    requiresDirect = true;
  }

  /** The group of {@code device}; null if it has no IOMMU. */
  static @Nullable IommuGroup groupOf(Device device) {
    DeviceIommu state = device.find(DeviceIommu.class);
    return state == null ? null : state.group();
  }

  /**
   * The group of a device that must have an IOMMU.
   *
   * @throws ErrnoException ENODEV if it has none
   */
  static IommuGroup requireGroup(Device device) throws ErrnoException {
    IommuGroup group = groupOf(device);
    if (group == null) {
      throw ENODEV.because("%s has no IOMMU", device.name());
    }
    return group;
  }
}
