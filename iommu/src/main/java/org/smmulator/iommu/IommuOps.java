package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageOwner;

/**
 * The calls that the driver of an IOMMU implements for the core. Kernel: {@code struct iommu_ops}.
 *
 * <p>One object for each driver, however many instances of the hardware there are.
 */
public interface IommuOps {
  /** The domain is to share its device with others that have PASIDs. */
  int ALLOC_PASID = 1;

  /** The domain's table is to remember which pages were written. */
  int ALLOC_DIRTY = 2;

  /** The domain is to be the second stage under tables that a guest makes. */
  int ALLOC_NEST_PARENT = 4;

  /**
   * Turns one entry of a device's {@code iommus} property into an id in the driver's own encoding.
   *
   * @param target the node that the entry refers to
   * @param cells the entry's arguments, {@code #iommu-cells} of them
   * @throws ErrnoException EINVAL for arguments that the hardware cannot have
   */
  int ofXlate(DtNode target, ImmutableIntArray cells) throws ErrnoException;

  /**
   * The ids of a device whose own node says nothing of IOMMUs, if {@code instance}'s lists it: how
   * firmware said it before there was {@code iommus}. None unless a driver knows such a list.
   */
  default ImmutableIntArray listedStreams(IommuDevice instance, Device device) {
    return ImmutableIntArray.of();
  }

  /**
   * Prepares for {@code device}, whose {@code spec} is complete.
   *
   * @throws ErrnoException EINVAL if the hardware cannot tell the device from others; ENOSPC
   */
  void probeDevice(Device device, IommuFwspec spec) throws ErrnoException;

  /** Ends {@link #probeDevice}: the device leaves. Kernel: {@code release_device()}. */
  void releaseDevice(Device device);

  /**
   * The group of a device that can be told from the others; {@link Iommu#newGroup} if it shares
   * with nobody.
   *
   * @throws ErrnoException EINVAL if the device would belong to two groups
   */
  IommuGroup deviceGroup(Device device) throws ErrnoException;

  /**
   * The type of default domain that the device must have; null for no opinion. Kernel: {@code
   * def_domain_type()}.
   */
  @Nullable DomainType defDomainType(Device device);

  /**
   * The iovas that {@code device} must have or must not have. Kernel: {@code get_resv_regions()}.
   */
  default ImmutableList<ReservedRegion> reservedRegions(Device device) {
    return ImmutableList.of();
  }

  /**
   * Returns whether the driver has firmware's regions be added to {@link #reservedRegions}. Kernel:
   * a {@code get_resv_regions()} that calls {@code iommu_dma_get_resv_regions()}.
   */
  default boolean addsFirmwareRegions() {
    return true;
  }

  /**
   * The compatibles of devices whose DMA the kernel alone uses, so that they may share a domain of
   * the DMA API: the list that Reding proposed in 2014 that a driver keep.
   */
  default ImmutableSet<String> dmaDomainMembers() {
    return ImmutableSet.of();
  }

  /** Returns whether the IOMMU can do {@code cap} for {@code device}. */
  default boolean capable(Device device, IommuCap cap) {
    return false;
  }

  /**
   * The page sizes of one instance of the hardware, one bit for each size of leaf. A domain on it
   * may have fewer: its table has one granule. Unless a driver says otherwise, those of 4 KiB
   * tables.
   */
  default long pgsizeBitmap(IommuDevice instance) {
    return 1L << 12 | 1L << 21 | 1L << 30;
  }

  /** The number of PASIDs, from 0 up, that the hardware takes from {@code device}; 0 for none. */
  default int maxPasids(Device device) {
    return 0;
  }

  /**
   * Returns whether {@link IommuDomain.Fixed#BLOCKED} can be attached; if not, the core blocks a
   * device with an empty domain.
   */
  default boolean hasBlockedDomain() {
    return true;
  }

  /**
   * The domain that a device is put into when it leaves; null if {@link #releaseDevice} itself sees
   * to it that the hardware no longer uses the device's domain, and leaves alone what other devices
   * share. Kernel: {@code release_domain}.
   */
  default IommuDomain.@Nullable Fixed releaseDomain() {
    return null;
  }

  /**
   * Makes a domain that suits {@code device}. Kernel: {@code domain_alloc_paging_flags()}.
   *
   * @param flags bits of {@code ALLOC_*}
   * @throws ErrnoException EOPNOTSUPP for a flag that the driver or the hardware does not have;
   *     ENOMEM
   */
  IommuDomain.Paging allocPaging(Device device, DomainType type, int flags) throws ErrnoException;

  /**
   * Makes a domain beside {@code master}, for the same context bank. No register is touched.
   *
   * @param owner whose name the table's memory bears
   * @throws ErrnoException EOPNOTSUPP if no device of this IOMMU switches tables by itself; ENOMEM
   */
  default PgtableDomain.Dynamic allocDynamic(PgtableDomain master, PageOwner owner)
      throws ErrnoException {
    throw EOPNOTSUPP.because("this IOMMU has one table for each domain");
  }

  /**
   * Has walks of the lower half of the master's bank start, in the geometry of {@code first}, or
   * end. Nothing need be done where they are never off.
   *
   * @param first null to end them
   * @throws ErrnoException EINVAL if that is so already
   */
  default void setLower(PgtableDomain master, PgtableDomain.@Nullable Dynamic first)
      throws ErrnoException {}

  /**
   * Has the hardware walk the table of {@code master} again, in place of the {@link
   * PgtableDomain.Dynamic} one that its device has switched to by itself, and invalidates. The
   * device is stopped. Nothing need be done where the master's table is walked beside every other.
   */
  default void takeBack(PgtableDomain master) {}

  /**
   * Makes a domain whose table is that of {@code mm}. Kernel: {@code domain_alloc_sva()}.
   *
   * @throws ErrnoException EOPNOTSUPP if the hardware cannot walk it
   */
  default IommuDomain.Sva allocSva(Device device, AddressSpace mm) throws ErrnoException {
    throw EOPNOTSUPP.because("the IOMMU of %s shares no table with a CPU", device.name());
  }

  /** Returns whether the driver has {@link #attachPasid}, for some of its devices at least. */
  default boolean attachesPasids() {
    return false;
  }

  /**
   * Puts what {@code device} sends under {@code pasid} into {@code next}; {@link
   * IommuDomain.Fixed#BLOCKED} ends it. Kernel: {@code set_dev_pasid()}. On failure nothing has
   * changed.
   *
   * @param previous where it went; null for nowhere
   * @throws ErrnoException EOPNOTSUPP if there are no PASIDs; EINVAL if the device is not in a
   *     state for it; ENOMEM
   */
  default void attachPasid(
      IommuDomain next, Device device, int pasid, @Nullable IommuDomain previous)
      throws ErrnoException {
    throw EOPNOTSUPP.because("the IOMMU of %s knows no PASID", device.name());
  }

  /** Returns whether devices' page requests can be answered, by {@link #answer}. */
  default boolean answersPageRequests() {
    return false;
  }

  /** Tells the device what became of its page requests. Kernel: {@code page_response()}. */
  default void answer(Device device, PageRequest request, PageResponse response) {
    throw new UnsupportedOperationException("page requests");
  }

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

  /**
   * Has the hardware in front of {@code device} walk the table of {@code next} in place of its own:
   * blocks the device, sets the base, invalidates, unblocks. On failure nothing has changed.
   * Kernel: none has such a call; it is the switch that the proposals of 2014 and 2017 need where
   * the device cannot say which table it means.
   *
   * @param previous where the device was
   * @throws ErrnoException EOPNOTSUPP unless the driver has such a switch; EINVAL if the two do not
   *     fit together
   */
  default void load(IommuDomain.Paging next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    throw EOPNOTSUPP.because("the IOMMU of %s has no switch of tables", device.name());
  }
}
