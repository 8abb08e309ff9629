package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOTTY;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.VmaBacking;

/**
 * What can be done with an open file; a driver implements what makes sense. Kernel: {@code struct
 * file_operations}.
 *
 * <p>One object stands for one open file, from open to release; dup and fork share it.
 */
public interface FileOperations {
  /** {@link #poll}: there is something to read. */
  int POLLIN = 0x1;

  /** {@link #poll}: there is room to write. */
  int POLLOUT = 0x4;

  /** Reads at most {@code sizeBytes} bytes at {@code position} to the caller's {@code userPtr}. */
  default long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    throw EINVAL.because("the file cannot be read");
  }

  /** Writes at most {@code sizeBytes} bytes from the caller's {@code userPtr}. */
  default long write(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    throw EINVAL.because("the file cannot be written");
  }

  /** Runs the command {@code cmd}; {@code arg} is mostly a user pointer. */
  default long ioctl(Caller caller, int cmd, long arg) throws ErrnoException {
    throw ENOTTY.because("the file has no ioctls");
  }

  /** Finds what stands behind {@code offset}..{@code offset + sizeBytes - 1} of the file. */
  default VmaBacking mmap(Caller caller, long offset, long sizeBytes) throws ErrnoException {
    throw ENODEV.because("the file cannot be mapped");
  }

  /** What could be done now without blocking: a mask of {@link #POLLIN} and {@link #POLLOUT}. */
  default int poll() {
    return POLLIN | POLLOUT;
  }

  /** Calls {@code listener} whenever the answer of {@link #poll} may have changed. */
  default void addPollListener(Runnable listener) {}

  /** Takes back {@link #addPollListener}. */
  default void removePollListener(Runnable listener) {}

  /** The lines that {@code /proc/PID/fdinfo/FD} shows besides the common ones. */
  default String fdinfo() {
    return "";
  }

  /** The last descriptor is gone. */
  default void release() {}
}
