package org.smmulator.iommu.task.adreno;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.PageSizes;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.MapErrors;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.errno.ErrnoException;

/** One task's table for TTBR0. Kernel: {@code struct msm_iommu_pagetable}. */
final class AdrenoTaskPagetable implements TaskPagetable {
  /** Always the domain's own: the GPU knows no other. */
  private static final int ASID = 0;

  private final IoPgtable table;
  private final long ttbr;
  private final FlushOps flush;
  private final Runnable closed;
  private final long pgsizes;

  /**
   * Wraps an empty table.
   *
   * @param closed run when the table is about to be freed
   */
  AdrenoTaskPagetable(IoPgtable table, long ttbr, FlushOps flush, Runnable closed) {
    this.table = table;
    this.ttbr = ttbr;
    this.flush = flush;
    this.closed = closed;
    this.pgsizes = table.config().pgsizeBitmap();
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    long smallest = PageSizes.smallest(pgsizes);
    if (((iova | pa | sizeBytes) & (smallest - 1)) != 0) {
      throw EINVAL.because("iova, pa or size is not a multiple of 0x%x", smallest);
    }
    long result = PageSizes.map(table, pgsizes, Long.MAX_VALUE, iova, pa, sizeBytes, prot);
    int error = IoPgtable.errno(result);
    if (error != 0) {
      long done = IoPgtable.mapped(result);
      var _ = unmap(iova, done);
      throw MapErrors.stopped(error, iova + done);
    }
  }

  /** A hole is skipped, so that nothing behind it stays mapped. */
  @Override
  public long unmap(long iova, long sizeBytes) {
    long smallest = PageSizes.smallest(pgsizes);
    if (((iova | sizeBytes) & (smallest - 1)) != 0) {
      return 0;
    }
    long unmappedBytes = 0;
    long done = 0;
    while (done < sizeBytes) {
      long run =
          PageSizes.unmap(table, pgsizes, Long.MAX_VALUE, iova + done, sizeBytes - done, null);
      unmappedBytes += run;
      done += run + smallest;
    }
    flush.flushAll();
    return unmappedBytes;
  }

  /** {@inheritDoc} Kernel: {@code msm_iommu_pagetable_prealloc_count()}. */
  @Override
  public IommuTask.Preallocation preallocate(long iova, long sizeBytes) throws ErrnoException {
    return table.preallocate(iova, sizeBytes)::close;
  }

  @Override
  public IommuGeometry reach() {
    return new IommuGeometry(0, (1L << table.config().ias()) - 1, true);
  }

  @Override
  public long base() {
    return ttbr;
  }

  @Override
  public int pasid() {
    return ASID;
  }

  @Override
  public long iovaToPhys(long iova) {
    return table.iovaToPhys(iova);
  }

  @Override
  public PgtableWalk explain(long iova) {
    return table.explain(iova);
  }

  @Override
  public ImmutableList<Long> descriptors(long iova) {
    return table.explain(iova).steps().stream()
        .map(PgtableWalk.Step::bits)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    table.forEachLeaf(visitor);
  }

  /** Kernel: {@code msm_iommu_pagetable_destroy()}. */
  @Override
  public void free() {
    closed.run();
    table.free();
  }
}
