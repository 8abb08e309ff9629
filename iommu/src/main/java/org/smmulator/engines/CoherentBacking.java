package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.VmaBacking;

/** Memory that a device writes too; it stays as long as its allocator's owner does. */
record CoherentBacking(CoherentBuffer memory) implements VmaBacking {
  @Override
  public long fault(long offset) throws ErrnoException {
    long wholePages = (memory.sizeBytes() + PAGE_SIZE - 1) & -PAGE_SIZE;
    if (offset < 0 || offset >= wholePages) {
      throw EFAULT.because("offset 0x%x of 0x%x bytes", offset, wholePages);
    }
    return memory.paAt(offset);
  }

  @Override
  public void opened(AddressSpace mm) {}

  @Override
  public void closed(AddressSpace mm) {}

  @Override
  public boolean isSharedWithDevices() {
    return true;
  }

  @Override
  public VmaBacking forked() {
    return this;
  }
}
