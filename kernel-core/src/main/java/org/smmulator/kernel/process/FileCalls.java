package org.smmulator.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.uapi.CStruct.U64;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.EventFd;
import org.smmulator.kernel.fs.FileOperations.DirEntry;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.fs.UeventSocket;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.uapi.FileStat;

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

  private static final int STAT_BYTES = (int) FileStat.LAYOUT.byteSize();
  private static final int DIRENT_NAME = 19;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

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
   * Tells of what the path at {@code pathPtr} leads to, a {@link FileStat}.
   *
   * @param follow whether a symbolic link at the end is followed
   * @throws ErrnoException EFAULT; ENOENT, EACCES and the like of the path
   */
  public long stat(Caller caller, long pathPtr, long statPtr, boolean follow)
      throws ErrnoException {
    String path = caller.memory().string(pathPtr, PATH_MAX);
    Node node = follow ? nodes.stat(path, caller.task()) : nodes.lstat(path, caller.task());
    MemorySegment copy = MemorySegment.ofArray(new long[STAT_BYTES / Long.BYTES]);
    statOf(node).write(copy, 0);
    caller.memory().copyTo(statPtr, copy, 0, STAT_BYTES);
    return 0;
  }

  private static FileStat statOf(Node node) {
    return switch (node) {
      case Node.DeviceFile device ->
          new FileStat(
              FileStat.S_IFCHR | device.mode(), FileStat.rdev(device.major(), device.minor()));
      case Node.Directory directory -> new FileStat(FileStat.S_IFDIR | directory.mode(), 0);
      case Node.Symlink link -> new FileStat(FileStat.S_IFLNK | link.mode(), 0);
      case Node.TextFile _, Node.DriverFile _, Node.BinaryFile _ ->
          new FileStat(FileStat.S_IFREG | node.mode(), 0);
    };
  }

  /**
   * Reads where the symbolic link at {@code pathPtr} leads, as much as there is room for, without a
   * NUL. Kernel: {@code do_readlinkat()}.
   *
   * @return how many bytes
   * @throws ErrnoException EINVAL for no room and for what is no link; EFAULT; ENOENT, EACCES and
   *     the like of the path
   */
  public long readlink(Caller caller, long pathPtr, long userPtr, long sizeBytes)
      throws ErrnoException {
    if (sizeBytes <= 0) {
      throw EINVAL.because("room for %d bytes", sizeBytes);
    }
    String path = caller.memory().string(pathPtr, PATH_MAX);
    if (!(nodes.lstat(path, caller.task()) instanceof Node.Symlink link)) {
      throw EINVAL.because("%s is no symbolic link", path);
    }
    byte[] target = link.target().getBytes(UTF_8);
    long bytes = Math.min(target.length, sizeBytes);
    caller.memory().copyTo(userPtr, MemorySegment.ofArray(target), 0, bytes);
    return bytes;
  }

  /**
   * Lists an open directory from where it stands, whole entries only: {@code struct
   * linux_dirent64}. Kernel: {@code getdents64()}.
   *
   * @return how many bytes; 0 at the end
   * @throws ErrnoException EBADF; ENOTDIR; EINVAL if the first entry does not fit; EFAULT
   */
  public long getdents(Caller caller, int fd, long userPtr, long sizeBytes) throws ErrnoException {
    OpenFile file = caller.files().file(fd);
    ImmutableList<DirEntry> entries = file.operations().entries();
    long done = 0;
    for (int at = (int) file.position(); at < entries.size(); at++) {
      MemorySegment entry = dirent(entries.get(at), at + 1);
      if (entry.byteSize() > sizeBytes - done) {
        if (done == 0) {
          throw EINVAL.because("an entry has %d bytes", entry.byteSize());
        }
        break;
      }
      caller.memory().copyTo(userPtr + done, entry, 0, entry.byteSize());
      done += entry.byteSize();
      file.setPosition(at + 1L);
    }
    return done;
  }

  /**
   * {@code d_ino}, which nodes do not have, {@code d_off}, {@code d_reclen}, {@code d_type}, {@code
   * d_name}.
   */
  private static MemorySegment dirent(DirEntry entry, long next) {
    byte[] name = entry.name().getBytes(UTF_8);
    int bytes = (DIRENT_NAME + name.length + 1 + 7) & -8;
    MemorySegment made = MemorySegment.ofArray(new long[bytes / Long.BYTES]);
    made.set(U64, 0, 1);
    made.set(U64, 8, next);
    made.set(U16, 16, (short) bytes);
    made.set(ValueLayout.JAVA_BYTE, 18, (byte) entry.type());
    MemorySegment.copy(name, 0, made, ValueLayout.JAVA_BYTE, DIRENT_NAME, name.length);
    return made;
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
   * Makes a socket for the kernel's messages of changed devices. Kernel: {@code __sys_socket()}.
   *
   * @param type with its flags
   * @throws ErrnoException EINVAL, EAFNOSUPPORT, ESOCKTNOSUPPORT, EPROTONOSUPPORT for any other
   *     socket: see {@link UeventSocket#open}; EMFILE
   */
  public long socket(Caller caller, int family, int type, int protocol) throws ErrnoException {
    OpenFile made = UeventSocket.open(nodes.uevents(), scheduler, family, type, protocol);
    return caller.files().reserve().install(made);
  }

  /**
   * Joins groups. Kernel: {@code __sys_bind()}.
   *
   * @throws ErrnoException EBADF, ENOTSOCK; EINVAL, EFAULT for the address
   */
  public long bind(Caller caller, int fd, long addressPtr, int sizeBytes) throws ErrnoException {
    UeventSocket.of(caller, fd).bind(caller, addressPtr, sizeBytes);
    return 0;
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

  /**
   * Runs a driver's command for a 32-bit process.
   *
   * @throws ErrnoException EBADF; ENOTTY; EFAULT; the driver's
   */
  public long compatIoctl(Caller caller, int fd, int cmd, long arg) throws ErrnoException {
    try (OpenFile held = caller.files().file(fd).get()) {
      return held.operations().compatIoctl(caller, cmd, arg);
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
