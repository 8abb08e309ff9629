package org.smmulator.iommu.task.adreno;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.DomainPagetable;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.PagetableBase;
import org.smmulator.iommu.task.TaskAttribute;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * One task's table that is a dynamic domain of the IOMMU core: {@code iommu_map()} fills it, and
 * the IOMMU's driver invalidates what is unmapped, page by page.
 */
final class DynamicTaskPagetable extends DomainPagetable {
  private final PgtableDomain.Dynamic table;
  private final PagetableBase how;
  private final int pasid;
  private final Runnable closed;

  /**
   * Takes over {@code table}.
   *
   * @param how tells the driver the base
   * @param pasid the one that {@code how} returned
   * @param closed run when the table is about to be freed
   */
  DynamicTaskPagetable(
      Iommu iommu, PgtableDomain.Dynamic table, PagetableBase how, int pasid, Runnable closed) {
    super(iommu, table);
    this.table = table;
    this.how = how;
    this.pasid = pasid;
    this.closed = closed;
  }

  @Override
  public IommuGeometry reach() {
    return table.geometry();
  }

  /** {@inheritDoc} In 2017 a task and its table were one. */
  @Override
  public boolean outlivesTask() {
    return false;
  }

  @Override
  public IommuTask.Preallocation preallocate(long iova, long sizeBytes) throws ErrnoException {
    return table.table().preallocate(iova, sizeBytes)::close;
  }

  @Override
  public long base() {
    return how.learn(super.base(), pasid);
  }

  @Override
  public long attribute(TaskAttribute which) throws ErrnoException {
    return how.attribute(super.base(), which);
  }

  @Override
  public int asid() {
    return table.asid();
  }

  @Override
  public ImmutableList<Long> descriptors(long iova) {
    return table.table().explain(iova).steps().stream()
        .map(PgtableWalk.Step::bits)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public int pasid() {
    return pasid;
  }

  @Override
  public void free() {
    closed.run();
    iommu.free(table);
  }
}
