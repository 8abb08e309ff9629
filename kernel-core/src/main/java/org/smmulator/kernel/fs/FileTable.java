package org.smmulator.kernel.fs;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * A task's descriptors. Kernel: {@code struct files_struct}.
 *
 * <p>{@link FdTable} keeps them here, for a simulated process. Those of a process outside of the
 * machine live in that process, which alone knows their numbers: so a number is known only when it
 * is installed.
 */
public interface FileTable {
  /** A descriptor that is taken and stands for nothing yet. */
  interface ReservedFd {
    /**
     * Lets the descriptor stand for {@code file}; the caller's reference moves in. Kernel: {@code
     * fd_install()}.
     *
     * @return the number by which the task knows the file
     */
    int install(OpenFile file);

    /** Gives the descriptor back. Kernel: {@code put_unused_fd()}. */
    void put();
  }

  /**
   * Reserves a descriptor, so that a call that fails half way has nothing to take back from its
   * caller's sight. Kernel: {@code get_unused_fd_flags()}.
   *
   * @throws ErrnoException EMFILE if the task has as many as it may
   */
  ReservedFd reserve() throws ErrnoException;

  /**
   * Returns what {@code fd} stands for, without a reference of the caller's own.
   *
   * @throws ErrnoException EBADF if it stands for nothing
   */
  OpenFile file(int fd) throws ErrnoException;

  /**
   * Closes {@code fd}.
   *
   * @throws ErrnoException EBADF if it is not open
   */
  void close(int fd) throws ErrnoException;

  /** Closes everything, lowest first. Kernel: {@code exit_files()}. */
  void closeAll();
}
