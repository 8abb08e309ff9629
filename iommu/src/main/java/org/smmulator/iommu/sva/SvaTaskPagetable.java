package org.smmulator.iommu.sva;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.LpaeWalk;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** The process's own table behind a token: only the process maps into it, by mmap. */
final class SvaTaskPagetable implements TaskPagetable {
  private final Sva sva;
  private final SvaHandle handle;
  private final Dram dram;
  private final List<SvaHandle> joined = new ArrayList<>();

  SvaTaskPagetable(Sva sva, SvaHandle handle, Dram dram) {
    this.sva = sva;
    this.handle = handle;
    this.dram = dram;
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    throw EINVAL.because("the table is the process's own: it maps with mmap");
  }

  /** {@inheritDoc} Nothing was mapped through the token, so nothing is unmapped. */
  @Override
  public long unmap(long iova, long sizeBytes) {
    return 0;
  }

  @Override
  public void join(Device device) throws ErrnoException {
    joined.add(sva.bind(device, handle.mm()));
  }

  @Override
  public void leave(Device device) {
    for (SvaHandle other : joined) {
      if (other.device().equals(device)) {
        joined.remove(other);
        sva.unbind(other);
        return;
      }
    }
  }

  @Override
  public long base() {
    return handle.mm().pagetableBase();
  }

  @Override
  public int pasid() {
    return handle.pasid();
  }

  @Override
  public long iovaToPhys(long iova) {
    return handle.mm().translate(iova);
  }

  @Override
  public PgtableWalk explain(long iova) {
    return LpaeWalk.ofProcess(dram, base(), iova);
  }

  /** {@inheritDoc} None here: what the process has mapped is the process's to show. */
  @Override
  public void forEachLeaf(LeafVisitor visitor) {}

  @Override
  public void free() {
    sva.unbind(handle);
  }
}
