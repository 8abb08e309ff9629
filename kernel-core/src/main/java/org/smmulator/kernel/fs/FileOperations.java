package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOTDIR;
import static org.smmulator.kernel.errno.Errno.ENOTTY;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.VmaBacking;

/**
 * The operations on an open file; a driver implements those that it has. Kernel: {@code struct
 * file_operations}.
 *
 * <p>One object stands for one open file, from open to release; dup and fork share it.
 */
public interface FileOperations {
  /** {@link #poll}: there is something to read. */
  int POLLIN = 0x1;

  /** {@link #poll}: there is room to write. */
  int POLLOUT = 0x4;

  /**
   * An entry of a directory, without its number: nodes have none.
   *
   * @param type a constant here, as {@code getdents64()} tells it
   */
  record DirEntry(String name, int type) {
    public static final int DT_UNKNOWN = 0;
    public static final int DT_CHR = 2;
    public static final int DT_DIR = 4;
    public static final int DT_REG = 8;
    public static final int DT_LNK = 10;
  }

  /**
   * Lists the directory. Kernel: {@code iterate_dir()}.
   *
   * @throws ErrnoException ENOTDIR if the file is none
   */
  default ImmutableList<DirEntry> entries() throws ErrnoException {
    throw ENOTDIR.because("the file is no directory");
  }

  /**
   * Reads at most {@code sizeBytes} bytes at {@code position} to the caller's {@code userPtr}.
   *
   * @return how many bytes were read
   * @throws ErrnoException EINVAL if the file cannot be read; EFAULT; the driver's
   */
  default long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    throw EINVAL.because("the file cannot be read");
  }

  /**
   * Writes at most {@code sizeBytes} bytes from the caller's {@code userPtr}.
   *
   * @return how many bytes were taken
   * @throws ErrnoException EINVAL if the file cannot be written; EFAULT; the driver's
   */
  default long write(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    throw EINVAL.because("the file cannot be written");
  }

  /** Returns whether the next read or write starts behind what was written. */
  default boolean writesMovePosition() {
    return true;
  }

  /**
   * Runs the command {@code cmd}; {@code arg} is mostly a user pointer.
   *
   * @throws ErrnoException ENOTTY if the file has no such command; EFAULT; the driver's
   */
  default long ioctl(Caller caller, int cmd, long arg) throws ErrnoException {
    throw ENOTTY.because("the file has no ioctls");
  }

  /**
   * Runs the command {@code cmd} of a 32-bit process, in whose structs pointers and {@code long}s
   * have 32 bits. Kernel: {@code file_operations.compat_ioctl}.
   *
   * @throws ErrnoException as {@link #ioctl}
   */
  default long compatIoctl(Caller caller, int cmd, long arg) throws ErrnoException {
    return ioctl(caller, cmd, arg);
  }

  /**
   * Returns the source of the pages {@code offset}..{@code offset + sizeBytes - 1} of the file.
   *
   * @throws ErrnoException ENODEV if the file cannot be mapped; the driver's
   */
  default VmaBacking mmap(Caller caller, long offset, long sizeBytes) throws ErrnoException {
    throw ENODEV.because("the file cannot be mapped");
  }

  /** Returns what would not block now: a mask of {@link #POLLIN} and {@link #POLLOUT}. */
  default int poll() {
    return POLLIN | POLLOUT;
  }

  /** Calls {@code listener} whenever the answer of {@link #poll} may have changed. */
  default void addPollListener(Runnable listener) {}

  /** Removes a listener of {@link #addPollListener}. */
  default void removePollListener(Runnable listener) {}

  /** The lines that {@code /proc/PID/fdinfo/FD} shows besides the common ones. */
  default String fdinfo() {
    return "";
  }

  /** Releases what the file holds: its last reference is gone. */
  default void release() {}
}
