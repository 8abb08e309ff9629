package org.smmulator.iommu.qcom;

import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;

/** One more table for the banks of another domain. Proposed in 2017; the kernel has none. */
final class QcomIommuDynamicDomain extends PgtableDomain.Dynamic {
  private final QcomIommuDev iommu;
  private final int asid;

  QcomIommuDynamicDomain(QcomIommuDomain master, IommuServices services, PageOwner owner)
      throws ErrnoException {
    super(master, services.pgtables().allocBeside(master.table(), owner, master.flushOps()));
    this.iommu = master.iommu();
    this.asid = master.flushOps().contexts().getFirst().asid();
  }

  /** {@inheritDoc} Of the bank that the device can write: the first. */
  @Override
  public int asid() {
    return asid;
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    iommu.wake();
    try {
      return super.unmapPages(iova, pageSizeBytes, count, gather);
    } finally {
      iommu.letSleep();
    }
  }

  /** {@inheritDoc} A block may take the place of a table, which has to be flushed. */
  @Override
  protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
    iommu.wake();
    try {
      return super.mapPages(iova, pa, pageSizeBytes, count, prot);
    } finally {
      iommu.letSleep();
    }
  }

  @Override
  protected void free() {
    iommu.awake(super::free);
  }
}
