package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;

/**
 * One more table for the context bank of another domain: it has the bank's ASID, so the device that
 * switches to it has to invalidate what it leaves. Proposed in 2017; the kernel has none.
 */
final class ArmSmmuDynamicDomain extends PgtableDomain.Dynamic {
  private final ArmSmmuDevice smmu;

  ArmSmmuDynamicDomain(ArmSmmuDomain master, PageOwner owner) throws ErrnoException {
    super(
        master,
        master
            .smmu()
            .services()
            .pgtables()
            .allocBeside(master.context().table(), owner, master.context().flushOps()));
    this.smmu = master.smmu();
  }

  @Override
  public int asid() {
    return ((ArmSmmuDomain) master()).context().asid();
  }

  @Override
  protected long unmapPages(long iova, long pageSizeBytes, long count, IotlbGather gather) {
    try (var _ = smmu.power().hold()) {
      return super.unmapPages(iova, pageSizeBytes, count, gather);
    }
  }

  /** {@inheritDoc} A block may take the place of a table, which has to be flushed. */
  @Override
  protected long mapPages(long iova, long pa, long pageSizeBytes, long count, int prot) {
    try (var _ = smmu.power().hold()) {
      return super.mapPages(iova, pa, pageSizeBytes, count, prot);
    }
  }

  @Override
  protected void free() {
    try (var _ = smmu.power().hold()) {
      super.free();
    }
  }
}
