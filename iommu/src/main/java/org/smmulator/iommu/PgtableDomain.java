package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;

/** A paging domain over one io-pgtable, as every driver of hardware here has. */
public abstract class PgtableDomain extends IommuDomain.Paging {
  private static final IommuGeometry UNKNOWN = new IommuGeometry(0, -1, false);

  private int dynamicDomains;

  protected PgtableDomain(IommuOps owner, DomainType type) {
    super(owner, type);
  }

  /** The table; null before the domain has one, which may be until its first attach. */
  protected abstract @Nullable IoPgtable pgtableIfMade();

  /** The table of a domain that has one. */
  protected final IoPgtable pgtable() {
    IoPgtable table = pgtableIfMade();
    checkState(table != null, "the domain has no table");
    return table;
  }

  @Override
  public final long pgsizeBitmap() {
    IoPgtable table = pgtableIfMade();
    return table == null ? 0 : table.config().pgsizeBitmap();
  }

  @Override
  public final long pagetableBase() {
    IoPgtable table = pgtableIfMade();
    return table == null ? 0 : table.registers().base();
  }

  @Override
  public IommuGeometry geometry() {
    IoPgtable table = pgtableIfMade();
    if (table == null) {
      return UNKNOWN;
    }
    IoPgtableConfig config = table.config();
    return config.has(Quirk.ARM_TTBR1)
        ? new IommuGeometry(-1L << config.ias(), -1, true)
        : new IommuGeometry(0, (1L << config.ias()) - 1, true);
  }

  @Override
  protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
    IoPgtable table = pgtableIfMade();
    return table == null ? ENODEV.number() : table.mapPages(iova, pa, pageSizeBytes, count, prot);
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    IoPgtable table = pgtableIfMade();
    return table == null ? 0 : table.unmapPages(iova, pageSizeBytes, count, gather);
  }

  @Override
  protected long iovaToPhys(long iova) {
    IoPgtable table = pgtableIfMade();
    return table == null ? 0 : table.iovaToPhys(iova);
  }

  @Override
  public final void forEachLeaf(LeafVisitor visitor) {
    IoPgtable table = pgtableIfMade();
    if (table != null) {
      table.forEachLeaf(visitor);
    }
  }

  @Override
  public final PgtableWalk explain(long iova) {
    return pgtable().explain(iova);
  }

  // ---- tables beside this one

  /** Returns whether it is the upper half of a split bank. */
  public final boolean isSplit() {
    return pgtable().config().has(Quirk.ARM_TTBR1);
  }

  /**
   * The iovas that are mapped whatever {@link Dynamic} domain the device switches to: all of them
   * in the upper half of a split bank, else those behind the first entry of the root.
   */
  public final IommuGeometry persistent() {
    IommuGeometry whole = geometry();
    long span = isSplit() ? 0 : pgtable().rootSpanBytes();
    return span == 0 ? whole : new IommuGeometry(whole.apertureStart(), span - 1, true);
  }

  /**
   * Has the hardware walk this table again, whatever {@link Dynamic} domain the device has switched
   * to. The device is stopped.
   */
  final void takeBack() {
    owner().takeBack(this);
  }

  /** The number of dynamic domains that share this one's bank. */
  final int dynamicDomains() {
    return dynamicDomains;
  }

  /**
   * A domain that shares the format, context bank and quirks of another, its master: a table more
   * for the same bank, which the device itself switches to. What the proposals of 2017 and 2019 ask
   * of a driver of IOMMUs. Kernel: Qualcomm's {@code DOMAIN_ATTR_DYNAMIC}, and {@code
   * iommu_aux_attach_device()} until 2023.
   *
   * <p>The master is a split bank's upper half, and stays beside every table of the lower one; or,
   * where a bank has one half only, the iovas behind the master's first root entry are linked into
   * this table and cannot be mapped through it.
   */
  public abstract static class Dynamic extends PgtableDomain {
    private final PgtableDomain master;
    private final IoPgtable table;
    private final IommuGeometry geometry;

    /**
     * Makes a domain of an empty table.
     *
     * @param table made by {@link org.smmulator.iommu.pgtable.IoPgtables#allocBeside}
     */
    protected Dynamic(PgtableDomain master, IoPgtable table) {
      super(master.owner(), DomainType.UNMANAGED);
      this.master = master;
      this.table = table;
      long lowest = master.isSplit() ? 0 : table.rootSpanBytes();
      this.geometry = new IommuGeometry(lowest, (1L << table.config().ias()) - 1, true);
      master.dynamicDomains++;
    }

    /**
     * Makes a domain beside the one that {@code device} is attached to. No register is touched.
     *
     * @param owner whose name the table's memory bears
     * @throws ErrnoException ENODEV if the device is in no domain with a table; EOPNOTSUPP if its
     *     IOMMU has no such domains; ENOMEM
     */
    public static Dynamic alloc(Device device, PageOwner owner) throws ErrnoException {
      IommuGroup group = DeviceIommu.requireGroup(device);
      if (!(group.domain() instanceof PgtableDomain master)) {
        throw ENODEV.because("%s is in no domain with a table", device.name());
      }
      return master.owner().allocDynamic(master, owner);
    }

    /**
     * Attaches the domain: that its master is attached to {@code device} is all that it takes. No
     * register is touched.
     *
     * @throws ErrnoException EINVAL if the device is in another domain
     */
    @SuppressWarnings("ReferenceEquality") // a domain has an identity
    public final void attach(Device device) throws ErrnoException {
      if (DeviceIommu.requireGroup(device).domain() != master) {
        throw EINVAL.because("%s is not attached to the domain's master", device.name());
      }
    }

    /**
     * Has the hardware walk the lower half of a split bank, in the geometry of this table and, as
     * long as the device has not switched, this table. Elsewhere it does so already.
     *
     * @throws ErrnoException EINVAL if it is open
     */
    public final void openLower() throws ErrnoException {
      owner().setLower(master, this);
    }

    /**
     * Ends {@link #openLower}, of whatever domain.
     *
     * @throws ErrnoException EINVAL if it is not open
     */
    public final void closeLower() throws ErrnoException {
      owner().setLower(master, null);
    }

    /** The ASID that tags what the bank has in its TLB, which belongs into TTBR0. */
    public abstract int asid();

    /** The domain whose bank it shares. */
    public final PgtableDomain master() {
      return master;
    }

    /** The table itself, for register values and reserves. */
    public final IoPgtable table() {
      return table;
    }

    @Override
    protected final @Nullable IoPgtable pgtableIfMade() {
      return table;
    }

    @Override
    public final IommuGeometry geometry() {
      return geometry;
    }

    @Override
    protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
      return isLinked(iova)
          ? ERANGE.number()
          : super.mapPages(iova, pa, pageSizeBytes, count, prot);
    }

    @Override
    protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
      return isLinked(iova) ? 0 : super.unmapPages(iova, pageSizeBytes, count, gather);
    }

    private boolean isLinked(long iova) {
      return Long.compareUnsigned(iova, geometry.apertureStart()) < 0;
    }

    @Override
    public void iotlbSync(IotlbGather gather) {
      master.iotlbSync(gather);
    }

    @Override
    protected void flushIotlbAll() {
      master.flushIotlbAll();
    }

    @Override
    public final String place() {
      return master.place();
    }

    @Override
    protected void free() {
      table.free();
      master.dynamicDomains--;
    }
  }
}
