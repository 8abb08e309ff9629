package org.smmulator.kernel.process;

import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.EventFd;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.task.Scheduler;

/**
 * The system calls on files, for any caller: they need its task, its memory and its descriptors,
 * and neither a thread nor a pagetable of it.
 *
 * <p>Kernel: {@code ksys_read()} and its siblings, below the entry that saves registers and turns
 * errors into numbers; that is {@link Syscalls}. A method throws what the file's driver throws, and
 * EBADF if the descriptor is not open, EFAULT if a pointer leads nowhere. May block; called in the
 * context that the caller waits in.
 */
public final class FileCalls {
  /** Kernel: {@code PATH_MAX}. */
  private static final int PATH_MAX = 4096;

  private final Scheduler scheduler;
  private final NodeTree nodes;
  private final PollCall polls;

  /** Makes the calls for files in {@code nodes}. */
  public FileCalls(Scheduler scheduler, NodeTree nodes) {
    this.scheduler = scheduler;
    this.nodes = nodes;
    this.polls = new PollCall(scheduler);
  }

  /**
   * Opens the path at {@code pathPtr}.
   *
   * @return the descriptor
   * @throws ErrnoException EFAULT; EMFILE; ENOENT, EACCES and the like of the path; the driver's
   */
  public long open(Caller caller, long pathPtr, int flags) throws ErrnoException {
    String path = caller.memory().string(pathPtr, PATH_MAX);
    FileTable.ReservedFd fd = caller.files().reserve();
    try {
      return fd.install(nodes.open(path, flags, caller));
    } catch (ErrnoException e) {
      fd.put();
      throw e;
    }
  }

  /**
   * Closes a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  public long close(Caller caller, int fd) throws ErrnoException {
    caller.files().close(fd);
    return 0;
  }

  /**
   * Makes another descriptor for the same open file.
   *
   * @throws ErrnoException EBADF; EMFILE
   */
  public long dup(Caller caller, int fd) throws ErrnoException {
    OpenFile file = caller.files().file(fd);
    return caller.files().reserve().install(file.get());
  }

  /**
   * Makes a counter behind a descriptor. Kernel: {@code do_eventfd()}.
   *
   * @param flags a mask of {@code EFD_SEMAPHORE}, {@code EFD_NONBLOCK}, {@code EFD_CLOEXEC}
   * @throws ErrnoException EINVAL for other flags; EMFILE
   */
  public long eventfd(Caller caller, int count, int flags) throws ErrnoException {
    OpenFile made = EventFd.open(scheduler, count, flags);
    return caller.files().reserve().install(made);
  }

  /**
   * Reads from where the file stands.
   *
   * @throws ErrnoException EBADF; EINVAL if the size is negative; EFAULT; the driver's
   */
  public long read(Caller caller, int fd, long userPtr, long sizeBytes) throws ErrnoException {
    OpenFile file = readable(caller, fd);
    try (OpenFile held = file.get()) { // another context may close it while this one waits
      long bytes = held.operations().read(caller, userPtr, notNegative(sizeBytes), file.position());
      file.setPosition(file.position() + bytes);
      return bytes;
    }
  }

  /**
   * Writes to where the file stands.
   *
   * @throws ErrnoException as {@link #read}
   */
  public long write(Caller caller, int fd, long userPtr, long sizeBytes) throws ErrnoException {
    OpenFile file = writable(caller, fd);
    try (OpenFile held = file.get()) {
      long bytes =
          held.operations().write(caller, userPtr, notNegative(sizeBytes), file.position());
      if (held.operations().writesMovePosition()) {
        file.setPosition(file.position() + bytes);
      }
      return bytes;
    }
  }

  /**
   * Reads at {@code position}, wherever the file stands. Kernel: {@code ksys_pread64()}.
   *
   * @throws ErrnoException as {@link #read}; EINVAL if the position is negative
   */
  public long pread(Caller caller, int fd, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    OpenFile file = readable(caller, fd);
    try (OpenFile held = file.get()) {
      return held.operations().read(caller, userPtr, notNegative(sizeBytes), notNegative(position));
    }
  }

  /**
   * Writes at {@code position}, wherever the file stands. Kernel: {@code ksys_pwrite64()}.
   *
   * @throws ErrnoException as {@link #pread}
   */
  public long pwrite(Caller caller, int fd, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    OpenFile file = writable(caller, fd);
    try (OpenFile held = file.get()) {
      return held.operations()
          .write(caller, userPtr, notNegative(sizeBytes), notNegative(position));
    }
  }

  private static OpenFile readable(Caller caller, int fd) throws ErrnoException {
    OpenFile file = caller.files().file(fd);
    if (!file.isReadable()) {
      throw EBADF.because("fd %d is open for writing only", fd);
    }
    return file;
  }

  private static OpenFile writable(Caller caller, int fd) throws ErrnoException {
    OpenFile file = caller.files().file(fd);
    if (!file.isWritable()) {
      throw EBADF.because("fd %d is open for reading only", fd);
    }
    return file;
  }

  private static long notNegative(long bytes) throws ErrnoException {
    if (bytes < 0) {
      throw EINVAL.because("a size or position of 0x%x", bytes);
    }
    return bytes;
  }

  /**
   * Runs a driver's command.
   *
   * @throws ErrnoException EBADF; ENOTTY if the file has no ioctls; the driver's
   */
  public long ioctl(Caller caller, int fd, int cmd, long arg) throws ErrnoException {
    return caller.files().file(fd).operations().ioctl(caller, cmd, arg);
  }

  /**
   * Waits until one of {@code count} files is ready. {@code fdsPtr} points to an array of {@code
   * struct pollfd}.
   *
   * @param timeoutMs negative for none
   * @return how many are ready; 0 if the time is over
   * @throws ErrnoException EFAULT; EINTR; EINVAL if there are too many
   */
  public long poll(Caller caller, long fdsPtr, int count, int timeoutMs) throws ErrnoException {
    return polls.poll(caller, fdsPtr, count, timeoutMs);
  }
}
