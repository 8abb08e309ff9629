package org.smmulator.kernel.mm;

import static org.smmulator.kernel.errno.Errno.EFAULT;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A caller's bytes, as the kernel may reach them.
 *
 * <p>Kernel: {@code copy_from_user()} and its kin. Pointers are the caller's virtual addresses and
 * may be anything. What is copied is the kernel's own: a value that was checked is the value that
 * is used, so each user array is copied once.
 */
public interface UserMemory {
  /**
   * Copies in.
   *
   * @throws ErrnoException EFAULT if any of it is not readable by the caller
   */
  void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes)
      throws ErrnoException;

  /**
   * Copies out.
   *
   * @throws ErrnoException EFAULT if any of it is not writable by the caller
   */
  void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes)
      throws ErrnoException;

  /**
   * Copies a NUL-terminated string in; it ends at {@code maxBytes} at the latest.
   *
   * @throws ErrnoException EFAULT if any of it is not readable by the caller
   */
  String string(long userPtr, int maxBytes) throws ErrnoException;

  /**
   * Makes the pages of a range present, and keeps them until they are let go: for a device that
   * uses them for long. Kernel: {@code pin_user_pages_fast()} with {@code FOLL_WRITE} and {@code
   * FOLL_LONGTERM}.
   *
   * @param userPtr the first byte
   * @throws ErrnoException EFAULT if any of it is not writable, or not the process's own; ENOMEM
   */
  default PinnedPages pin(long userPtr, long sizeBytes) throws ErrnoException {
    throw EFAULT.because("this memory is not pinned");
  }
}
