package org.smmulator.iommu.exynos;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFwspec;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.IommuStream;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.pm.RuntimePm;

/** The driver's operations. Kernel: {@code exynos_iommu_ops}. */
final class ExynosIommuOps implements IommuOps {
  private static final long PAGE_SIZES = 1L << 12 | 1L << 16 | 1L << 20;
  private static final int IOVA_BITS = 32;

  private final IommuServices services;
  private final ExynosDetach detaching;

  /** The format of all sysmmus: that of the first one probed. Kernel: {@code PG_ENT_SHIFT}. */
  private @Nullable IoPgtableFormat format;

  ExynosIommuOps(IommuServices services, ExynosDetach detaching) {
    this.services = services;
    this.detaching = detaching;
  }

  /** Lets the first sysmmu's version decide on the format. */
  void probed(ExynosSysmmuVersion version) {
    if (format == null) {
      format = version.major() < 5 ? IoPgtableFormat.EXYNOS : IoPgtableFormat.EXYNOS_V5;
    }
  }

  /** A sysmmu has one master, so there is no id. Kernel: {@code exynos_iommu_of_xlate()}. */
  @Override
  public int ofXlate(DtNode target, ImmutableIntArray cells) {
    return 0;
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_iommu_of_xlate()} and {@code exynos_iommu_probe_device()}.
   *
   * @throws ErrnoException ENODEV if a sysmmu has no driver
   */
  @Override
  public void probeDevice(Device device, IommuFwspec spec) throws ErrnoException {
    Set<SysmmuDrvdata> controllers = new LinkedHashSet<>();
    for (IommuStream stream : spec.streams()) {
      SysmmuDrvdata controller = stream.iommu().driverData(SysmmuDrvdata.class);
      controllers.add(controller);
    }
    device.attach(
        ExynosIommuOwner.class,
        new ExynosIommuOwner(
            ImmutableList.copyOf(controllers),
            services.kernel().lockdep().mutex("owner->rpm_lock"),
            detaching));
    RuntimePm masterPm = device.find(RuntimePm.class);
    for (SysmmuDrvdata controller : controllers) {
      controller.setMaster(device);
      if (masterPm != null) {
        masterPm.dependOn(controller.pm());
      }
    }
  }

  @Override
  public void releaseDevice(Device device) {
    for (SysmmuDrvdata controller : ExynosIommuOwner.of(device).controllers()) {
      controller.setMaster(null);
    }
    device.detach(ExynosIommuOwner.class);
  }

  @Override
  public IommuGroup deviceGroup(Device device) {
    return services.iommu().newGroup();
  }

  @Override
  public ImmutableSet<String> dmaDomainMembers() {
    return ImmutableSet.of(
        "samsung,exynos5250-dw-mshc", "samsung,exynos7-dw-mshc-smu", "smmulator,sdhost");
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return null;
  }

  /** A sysmmu has no way to refuse all transactions but an empty table. */
  @Override
  public boolean hasBlockedDomain() {
    return false;
  }

  @Override
  public IommuDomain.Fixed releaseDomain() {
    return IommuDomain.Fixed.IDENTITY;
  }

  @Override
  public boolean capable(Device device, IommuCap cap) {
    return cap == IommuCap.TABLE_SWITCH;
  }

  @Override
  public long pgsizeBitmap(IommuDevice instance) {
    return PAGE_SIZES;
  }

  /** Kernel: {@code exynos_iommu_domain_alloc_paging()}. */
  @Override
  public IommuDomain.Paging allocPaging(Device device, DomainType type, int flags)
      throws ErrnoException {
    if (flags != 0) {
      throw EOPNOTSUPP.because("a sysmmu has none of the features %#x", flags);
    }
    IoPgtableFormat known = format;
    checkState(known != null, "no sysmmu was probed");
    int addressBits = known == IoPgtableFormat.EXYNOS ? 32 : 36;
    PageOwner owner =
        services
            .kernel()
            .pages()
            .owner(new Holder.OfDevice(device.name()), "pagetable", PageZone.KERNEL);
    ExynosIommuDomain domain = new ExynosIommuDomain(this, type);
    long sizes = services.iommu().tableSizes(domain, PAGE_SIZES);
    domain.setTable(
        services
            .pgtables()
            .alloc(
                known,
                new IoPgtableConfig(ImmutableSet.of(), sizes, IOVA_BITS, addressBits, false),
                owner,
                domain.flushOps()));
    return domain;
  }

  @Override
  public void attach(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    ExynosIommuOwner owner = ExynosIommuOwner.of(device);
    switch (next) {
      case IommuDomain.Fixed.IDENTITY -> owner.detach();
      case ExynosIommuDomain domain -> owner.attach(domain);
      default -> throw EINVAL.because("a sysmmu cannot be in a domain like %s", next.type());
    }
  }

  @Override
  public void load(IommuDomain.Paging next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    if (!(next instanceof ExynosIommuDomain domain)) {
      throw EINVAL.because("a sysmmu cannot be in a domain like %s", next.type());
    }
    ExynosIommuOwner.of(device).load(domain);
  }
}
