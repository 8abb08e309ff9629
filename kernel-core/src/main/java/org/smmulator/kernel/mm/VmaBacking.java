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

  /**
   * Finds the page as {@link #fault(long)} does and has {@code into} enter it into a table. A
   * backing that takes pages back calls it under the lock under which it takes them, so that none
   * is entered that has gone meanwhile.
   *
   * @throws ErrnoException EFAULT, or what {@code into} says
   */
  default void fault(long offset, PageSink into) throws ErrnoException {
    into.enter(fault(offset));
  }

  /** Enters a page into a process's table. Kernel: {@code vmf_insert_pfn()}. */
  @FunctionalInterface
  interface PageSink {
    void enter(long pa) throws ErrnoException;
  }

  /** Returns whether this is {@code wanted}, or stands before it. */
  @SuppressWarnings("ReferenceEquality") // a backing has an identity
  default boolean isBackedBy(VmaBacking wanted) {
    return this == wanted;
  }

  /** A mapping of this backing in {@code mm} came to be: by mmap, or by fork. */
  void opened(AddressSpace mm);

  /** A mapping of this backing in {@code mm} is gone. */
  void closed(AddressSpace mm);

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
