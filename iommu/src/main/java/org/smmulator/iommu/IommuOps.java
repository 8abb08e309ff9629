package org.smmulator.iommu;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * What the driver of an IOMMU does for the core. Kernel: {@code struct iommu_ops}.
 *
 * <p>One object for each driver, however many instances of the hardware there are.
 */
public interface IommuOps {
  /**
   * Turns one entry of a device's {@code iommus} property into an id in the driver's own encoding.
   *
   * @param target the node that the entry refers to
   * @param cells the entry's arguments, {@code #iommu-cells} of them
   */
  int ofXlate(DtNode target, ImmutableIntArray cells) throws ErrnoException;

  /**
   * Prepares for {@code device}, whose {@code spec} is complete.
   *
   * @throws ErrnoException EINVAL if the hardware cannot tell the device from others; ENOSPC
   */
  void probeDevice(Device device, IommuFwspec spec) throws ErrnoException;

  /** Forgets {@code device}. */
  void releaseDevice(Device device);

  /**
   * The group of a device that can be told from the others; {@link Iommu#newGroup} if it shares
   * with nobody.
   *
   * @throws ErrnoException EINVAL if the device would belong to two groups
   */
  IommuGroup deviceGroup(Device device) throws ErrnoException;

  /**
   * Which default domain the device must have; null for no opinion. Kernel: {@code
   * def_domain_type()}.
   */
  @Nullable DomainType defDomainType(Device device);

  /** Makes a domain that suits {@code device}. Kernel: {@code domain_alloc_paging()}. */
  IommuDomain.Paging allocPaging(Device device, DomainType type) throws ErrnoException;

  /**
   * Puts the DMA of {@code device} into {@code next}; it leaves {@code previous} with that.
   *
   * <p>On failure nothing has changed.
   *
   * @param previous where it was; null at first
   * @throws ErrnoException EINVAL if the two do not fit together, and the caller may try another
   *     domain; ENOSPC if the hardware has no room; ENOMEM; EBUSY; ENODEV for anything else
   */
  void attach(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException;
}
