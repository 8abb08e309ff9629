package org.smmulator.kernel.mm;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * The source of a mapping's pages, if they are a file's.
 *
 * <p>Kernel: {@code struct vm_operations_struct}.
 */
public interface VmaBacking {
  /**
   * Finds the page behind {@code offset}, making it if need be.
   *
   * @param offset bytes from the start of the backing, page aligned
   * @return the page's physical address
   * @throws ErrnoException EFAULT (the kernel's SIGBUS) if there is none
   */
  long fault(long offset) throws ErrnoException;

  /** A mapping of this backing came to be: by mmap, or by fork. */
  void opened();

  /** A mapping of this backing is gone. */
  void closed();

  /**
   * Returns whether devices write here too. A CPU access is then a scheduling point, so that a loop
   * that polls lets the device make progress.
   */
  boolean isSharedWithDevices();

  /**
   * Returns whether the CPU reaches these pages through its caches. What devices use at the same
   * time is mapped write-combined. Kernel: {@code pgprot_writecombine()}.
   */
  default boolean isCached() {
    return !isSharedWithDevices();
  }

  /**
   * Returns the backing of a forked child's mapping: this one if the memory is shared, else a copy.
   */
  VmaBacking forked() throws ErrnoException;
}
