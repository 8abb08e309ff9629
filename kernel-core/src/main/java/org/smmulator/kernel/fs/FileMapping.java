package org.smmulator.kernel.fs;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.VmaBacking;

/**
 * A mapping of an open file: it holds the file, which so outlives its last descriptor. Kernel:
 * {@code vm_area_struct.vm_file}.
 */
public final class FileMapping implements VmaBacking {
  private final OpenFile file;
  private final VmaBacking backing;

  public FileMapping(OpenFile file, VmaBacking backing) {
    this.file = file;
    this.backing = backing;
  }

  @Override
  public long fault(long offset) throws ErrnoException {
    return backing.fault(offset);
  }

  @Override
  public void fault(long offset, PageSink into) throws ErrnoException {
    backing.fault(offset, into);
  }

  @Override
  public boolean isBackedBy(VmaBacking wanted) {
    return backing.isBackedBy(wanted);
  }

  @Override
  public void opened(AddressSpace mm) {
    var _ = file.get();
    backing.opened(mm);
  }

  @Override
  public void closed(AddressSpace mm) {
    backing.closed(mm);
    file.put();
  }

  @Override
  public boolean isSharedWithDevices() {
    return backing.isSharedWithDevices();
  }

  @Override
  public boolean isCached() {
    return backing.isCached();
  }

  @Override
  public VmaBacking forked() throws ErrnoException {
    return new FileMapping(file, backing.forked());
  }
}
