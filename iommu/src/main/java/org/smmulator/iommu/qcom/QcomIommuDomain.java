package org.smmulator.iommu.qcom;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/** A table that all banks of one master walk. Kernel: {@code struct qcom_iommu_domain}. */
final class QcomIommuDomain extends PgtableDomain {
  private static final long PAGE_SIZES = 1L << 12 | 1L << 16 | 1L << 20 | 1L << 24;
  private static final int IAS = 32;
  private static final int OAS = 40;

  /** The state from the first attach on. */
  private record Home(QcomIommuMaster master, IoPgtable table, QcomIommuFlushOps flush) {}

  private final IommuServices services;
  private final Mutex initMutex;
  private @Nullable Home home;

  QcomIommuDomain(IommuOps owner, DomainType type, IommuServices services) {
    super(owner, type);
    this.services = services;
    this.initMutex = services.kernel().lockdep().mutex("qcom_domain->init_mutex");
  }

  /**
   * Puts the table into the banks of a master. Kernel: {@code qcom_iommu_attach_dev()}.
   *
   * @throws ErrnoException EINVAL if the domain is another master's, or firmware keeps a bank
   */
  void attach(QcomIommuMaster master, Device device) throws ErrnoException {
    try (var _ = initMutex.lock()) {
      Home known = home == null ? settle(master, device) : home;
      if (!known.master().equals(master)) {
        throw EINVAL.because("the domain is in the banks of another master");
      }
      for (QcomIommuCtx context : master.contexts()) {
        master.iommu().openSecure(context);
      }
      PgtableRegisters.Stage1 registers = (PgtableRegisters.Stage1) known.table().registers();
      master
          .iommu()
          .awake(() -> master.contexts().forEach(context -> context.enable(this, registers)));
    }
  }

  /** Has the banks walk this table again: see {@link IommuOps#takeBack}. */
  void takeBack() {
    PgtableRegisters.Stage1 registers = (PgtableRegisters.Stage1) table().registers();
    iommu()
        .awake(() ->
            home()
                .master()
                .contexts()
                .forEach(context -> {
                  context.setBase(registers);
                  context.invalidateAll();
                  context.sync();
                }));
  }

  private Home settle(QcomIommuMaster master, Device device) throws ErrnoException {
    PageOwner owner =
        services
            .kernel()
            .pages()
            .owner(new Holder.OfDevice(device.name()), "pagetable", PageZone.KERNEL);
    QcomIommuFlushOps flush = new QcomIommuFlushOps(master.contexts());
    IoPgtable table =
        services
            .pgtables()
            .alloc(
                IoPgtableFormat.ARM_32_LPAE_S1,
                new IoPgtableConfig(ImmutableSet.of(), PAGE_SIZES, IAS, OAS, false),
                owner,
                flush);
    Home made = new Home(master, table, flush);
    home = made;
    return made;
  }

  private Home home() {
    Home known = home;
    checkState(known != null, "the domain was never attached");
    return known;
  }

  IoPgtable table() {
    return home().table();
  }

  QcomIommuFlushOps flushOps() {
    return home().flush();
  }

  QcomIommuDev iommu() {
    return home().master().iommu();
  }

  @Override
  protected @Nullable IoPgtable pgtableIfMade() {
    return home == null ? null : home.table();
  }

  /** {@inheritDoc} The master may be suspended, so the IOMMU is resumed for the invalidation. */
  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    Home known = home;
    if (known == null) {
      return 0;
    }
    QcomIommuDev iommu = known.master().iommu();
    iommu.wake();
    try {
      return known.table().unmapPages(iova, pageSizeBytes, count, gather);
    } finally {
      iommu.letSleep();
    }
  }

  @Override
  protected void flushIotlbAll() {
    if (home != null) {
      home.master().iommu().awake(home.flush()::flushAll);
    }
  }

  @Override
  public void iotlbSync(IotlbGather gather) {
    home().master().iommu().awake(home().flush()::sync);
  }

  @Override
  public String place() {
    StringBuilder place = new StringBuilder();
    if (home != null) {
      for (QcomIommuCtx context : home.master().contexts()) {
        place.append(place.isEmpty() ? "context bank " : ", ").append(context.asid());
      }
    }
    return place.isEmpty() ? "-" : place.toString();
  }

  @Override
  protected void free() {
    if (home != null) {
      home.master().iommu().awake(home.table()::free);
      home = null;
    }
  }
}
