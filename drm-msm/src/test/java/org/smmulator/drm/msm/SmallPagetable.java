package org.smmulator.drm.msm;

import java.util.TreeMap;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** A task's pagetable that has room for a number of runs, and remembers what it maps. */
final class SmallPagetable implements TaskPagetable {
  /** The mappings: bytes by iova. */
  final TreeMap<Long, Long> mapped = new TreeMap<>();

  private final int room;

  SmallPagetable(int room) {
    this.room = room;
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    if (mapped.size() == room) {
      throw Errno.ENOMEM.because("no page for a table");
    }
    mapped.put(iova, sizeBytes);
  }

  @Override
  public long unmap(long iova, long sizeBytes) {
    mapped.subMap(iova, iova + sizeBytes).clear();
    return sizeBytes;
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
  public PgtableWalk explain(long iova) {
    return PgtableWalk.nowhere(iova);
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {}

  @Override
  public void free() {}
}
