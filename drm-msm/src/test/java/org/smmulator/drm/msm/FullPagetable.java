package org.smmulator.drm.msm;

import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** A task's pagetable for which there is no memory any more. */
final class FullPagetable implements TaskPagetable {
  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    throw Errno.ENOMEM.because("no page for a table");
  }

  @Override
  public long unmap(long iova, long sizeBytes) {
    return 0;
  }

  @Override
  public long base() {
    return 0;
  }

  @Override
  public int pasid() {
    return 0;
  }

  @Override
  public long iovaToPhys(long iova) {
    return 0;
  }

  @Override
  public String explain(long iova) {
    return "nothing";
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {}

  @Override
  public void free() {}
}
