package org.smmulator.iommu.qcom;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFwspec;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.IommuStream;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.pm.RuntimePm;

/** The driver's operations. Kernel: {@code qcom_iommu_ops}. */
final class QcomIommuOps implements IommuOps {
  private final IommuServices services;

  QcomIommuOps(IommuServices services) {
    this.services = services;
  }

  /**
   * {@inheritDoc} The ASID of a bank. Kernel: {@code qcom_iommu_of_xlate()}.
   *
   * @throws ErrnoException EINVAL unless there is one cell
   */
  @Override
  public int ofXlate(DtNode target, ImmutableIntArray cells) throws ErrnoException {
    if (cells.length() != 1) {
      throw EINVAL.because(
          "incorrect number of iommu params found for %s (found %d, expected 1)",
          target.path(), cells.length());
    }
    return cells.get(0);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ErrnoException ENODEV if the IOMMU has no driver; EINVAL for an unknown context bank,
   *     or banks of two IOMMUs
   */
  @Override
  public void probeDevice(Device device, IommuFwspec spec) throws ErrnoException {
    QcomIommuDev iommu = spec.iommu().driverData(QcomIommuDev.class);
    ImmutableList.Builder<QcomIommuCtx> contexts = ImmutableList.builder();
    for (IommuStream stream : spec.streams()) {
      if (!stream.iommu().equals(spec.iommu())) {
        throw EINVAL.because("%s masters through two IOMMUs", device.name());
      }
      contexts.add(iommu.context(stream.id()));
    }
    device.attach(QcomIommuMaster.class, new QcomIommuMaster(iommu, contexts.build()));
    RuntimePm masterPm = device.find(RuntimePm.class);
    if (masterPm != null) {
      masterPm.dependOn(iommu.pm());
    }
  }

  @Override
  public void releaseDevice(Device device) {
    device.detach(QcomIommuMaster.class);
  }

  @Override
  public IommuGroup deviceGroup(Device device) {
    return services.iommu().newGroup();
  }

  /** {@inheritDoc} {@code qcom_iommu_ops} has no {@code get_resv_regions()}. */
  @Override
  public boolean addsFirmwareRegions() {
    return false;
  }

  @Override
  public ImmutableSet<String> dmaDomainMembers() {
    return ImmutableSet.of("qcom,sdhci-msm-v4");
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  @Override
  public boolean capable(Device device, IommuCap cap) {
    return cap == IommuCap.CACHE_COHERENCY || cap == IommuCap.NOEXEC;
  }

  @Override
  public boolean hasBlockedDomain() {
    return false;
  }

  /**
   * {@inheritDoc} The kernel's driver has none, and leaves the banks on a table that the core then
   * frees.
   */
  @Override
  public IommuDomain.Fixed releaseDomain() {
    return IommuDomain.Fixed.IDENTITY;
  }

  @Override
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags)
      throws ErrnoException {
    if (flags != 0) {
      throw EOPNOTSUPP.because("this IOMMU has none of the features %#x", flags);
    }
    return new QcomIommuDomain(this, type, services);
  }

  @Override
  public PgtableDomain.Dynamic allocDynamic(PgtableDomain master, PageOwner owner)
      throws ErrnoException {
    return new QcomIommuDynamicDomain((QcomIommuDomain) master, services, owner);
  }

  @Override
  public void takeBack(PgtableDomain master) {
    ((QcomIommuDomain) master).takeBack();
  }

  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    QcomIommuMaster master = QcomIommuMaster.of(device);
    switch (next) {
      case IommuDomain.Fixed.IDENTITY -> {
        if (previous instanceof QcomIommuDomain) {
          master.disable();
        }
      }
      case QcomIommuDomain domain -> domain.attach(master, device);
      default -> throw EINVAL.because("no domain like %s here", next.type());
    }
  }
}
