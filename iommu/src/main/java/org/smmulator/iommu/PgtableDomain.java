package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.Quirk;

/** A paging domain over one io-pgtable, as every driver of hardware here has. */
public abstract class PgtableDomain extends IommuDomain.Paging {
  private static final IommuGeometry UNKNOWN = new IommuGeometry(0, -1, false);

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
  public final String explain(long iova) {
    return pgtable().explain(iova).toString();
  }
}
