package org.smmulator.iommu.engines;

import static org.smmulator.kernel.errno.Errno.EFAULT;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.VmaBacking;

/** A run of memory that a device writes too; whoever made it sees to it that it stays. */
record PhysicalBacking(long pa, long sizeBytes) implements VmaBacking {
  @Override
  public long fault(long offset) throws ErrnoException {
    if (offset < 0 || offset >= sizeBytes) {
      throw EFAULT.because("offset 0x%x of 0x%x bytes", offset, sizeBytes);
    }
    return pa + offset;
  }

  @Override
  public void opened() {}

  @Override
  public void closed() {}

  @Override
  public boolean isSharedWithDevices() {
    return true;
  }

  @Override
  public VmaBacking forked() {
    return this;
  }
}
