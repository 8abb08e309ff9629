package org.smmulator.userspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongUnaryOperator;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.kernel.process.UserAccess;
import org.smmulator.uapi.FileStat;

/**
 * The abilities of a process's code: system calls, and loads and stores in its own memory.
 *
 * <p>A negative result of a system call becomes an {@link ErrnoException} again, as a language's
 * runtime does it. Works in the process's own thread and, for a hosted process, in whatever thread
 * calls.
 */
public final class Client {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_NONBLOCK = 04000;
  private static final int PATH_MAX = 4096;
  private static final int PROT_READ_WRITE = 3;
  private static final int NO_FD = -1;

  /** The memory that {@link Scratch} hands out; what does not fit is mapped for the call alone. */
  private static final long SCRATCH_BYTES = 64 << 10;

  private final Process process;
  private final Programs programs;
  private final Syscalls syscalls;
  private final UserAccess memory;
  private long scratchVa;
  private long scratchUsed;

  Client(Process process, Programs programs) {
    this.process = process;
    this.programs = programs;
    this.syscalls = programs.syscalls();
    this.memory = programs.memory();
  }

  public boolean isAlive() {
    return !process.isDead();
  }

  public int pid() {
    return process.pid();
  }

  /** {@code CLOCK_MONOTONIC} in nanoseconds. */
  public long nowNs() {
    return programs.nowNs();
  }

  // ---- system calls

  /**
   * Opens for reading and writing.
   *
   * @throws ErrnoException what {@code open()} gives, such as ENOENT, EACCES, EMFILE
   */
  public int open(String path) throws ErrnoException {
    return open(path, O_RDWR);
  }

  /**
   * Opens for reading only.
   *
   * @throws ErrnoException what {@code open()} gives, such as ENOENT, EACCES, EMFILE
   */
  public int openForReading(String path) throws ErrnoException {
    return open(path, O_RDONLY);
  }

  /**
   * Opens for writing only.
   *
   * @throws ErrnoException what {@code open()} gives, such as ENOENT, EACCES, EMFILE
   */
  public int openForWriting(String path) throws ErrnoException {
    return open(path, O_WRONLY);
  }

  /**
   * Opens for reading and writing, so that reads give EAGAIN and do not wait: {@code O_NONBLOCK}.
   *
   * @throws ErrnoException what {@code open()} gives, such as ENOENT, EACCES, EMFILE
   */
  public int openNonblocking(String path) throws ErrnoException {
    return open(path, O_RDWR | O_NONBLOCK);
  }

  /**
   * Opens.
   *
   * @param flags {@code O_*}
   * @throws ErrnoException what {@code open()} gives, such as ENOENT, EACCES, EMFILE
   */
  public int open(String path, int flags) throws ErrnoException {
    byte[] bytes = (path + "\0").getBytes(UTF_8);
    try (Scratch scratch = scratch()) {
      long pathPtr = scratch.bytes(bytes.length);
      memory.store(process, pathPtr, MemorySegment.ofArray(bytes));
      return (int) checked("open " + path, syscalls.open(process, pathPtr, flags));
    }
  }

  /**
   * Tells of what {@code path} leads to.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES, ELOOP
   */
  public FileStat stat(String path) throws ErrnoException {
    byte[] bytes = (path + "\0").getBytes(UTF_8);
    try (Scratch scratch = scratch()) {
      long pathPtr = scratch.bytes(bytes.length);
      long statPtr = scratch.bytes(FileStat.LAYOUT.byteSize());
      memory.store(process, pathPtr, MemorySegment.ofArray(bytes));
      var _ = checked("stat " + path, syscalls.stat(process, pathPtr, statPtr));
      return FileStat.read(load(statPtr, (int) FileStat.LAYOUT.byteSize()), 0);
    }
  }

  /**
   * Reads where the symbolic link at {@code path} leads.
   *
   * @throws ErrnoException EINVAL if it is none; ENOENT, ENOTDIR, EACCES, ELOOP
   */
  public String readlink(String path) throws ErrnoException {
    byte[] bytes = (path + "\0").getBytes(UTF_8);
    try (Scratch scratch = scratch()) {
      long pathPtr = scratch.bytes(bytes.length);
      long to = scratch.bytes(PATH_MAX);
      memory.store(process, pathPtr, MemorySegment.ofArray(bytes));
      long length = checked("readlink " + path, syscalls.readlink(process, pathPtr, to, PATH_MAX));
      return new String(
          load(to, PATH_MAX).asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }
  }

  /**
   * Lists the directory at {@code path}, without itself and the one above: {@code readdir()}.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES, ELOOP
   */
  public ImmutableList<String> readdir(String path) throws ErrnoException {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    int fd = openForReading(path);
    try (Scratch scratch = scratch()) {
      long to = scratch.bytes(PATH_MAX);
      while (true) {
        long length = checked("getdents " + path, syscalls.getdents(process, fd, to, PATH_MAX));
        if (length == 0) {
          return names.build();
        }
        MemorySegment entries = load(to, PATH_MAX);
        for (long at = 0; at < length; at += entries.get(ValueLayout.JAVA_SHORT, at + 16)) {
          String name = entries.getString(at + 19);
          if (!name.equals(".") && !name.equals("..")) {
            names.add(name);
          }
        }
      }
    } finally {
      close(fd);
    }
  }

  private MemorySegment load(long va, int sizeBytes) throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[sizeBytes / Long.BYTES]);
    memory.load(process, va, copy);
    return copy;
  }

  /**
   * Closes a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  public void close(int fd) throws ErrnoException {
    var _ = checked("close", syscalls.close(process, fd));
  }

  /**
   * Makes another descriptor for the same open file.
   *
   * @throws ErrnoException EBADF, EMFILE
   */
  public int dup(int fd) throws ErrnoException {
    return (int) checked("dup", syscalls.dup(process, fd));
  }

  /**
   * Makes a counter behind a descriptor: {@code eventfd()}.
   *
   * @throws ErrnoException EINVAL for unknown flags; EMFILE
   */
  public int eventfd(int count, int flags) throws ErrnoException {
    return (int) checked("eventfd", syscalls.eventfd(process, count, flags));
  }

  /**
   * Makes a socket: {@code socket()}. There are only those of {@code NETLINK_KOBJECT_UEVENT}.
   *
   * @throws ErrnoException EINVAL for unknown flags; EAFNOSUPPORT, ESOCKTNOSUPPORT,
   *     EPROTONOSUPPORT; EMFILE
   */
  public int socket(int family, int type, int protocol) throws ErrnoException {
    return (int) checked("socket", syscalls.socket(process, family, type, protocol));
  }

  /**
   * Joins groups of messages: {@code bind()}.
   *
   * @throws ErrnoException EBADF, ENOTSOCK; EINVAL, EFAULT for the address
   */
  public void bind(int fd, long addressPtr, int sizeBytes) throws ErrnoException {
    checked("bind", syscalls.bind(process, fd, addressPtr, sizeBytes));
  }

  /**
   * Waits until a file is ready for one of {@code events}; returns for which, 0 if the time is
   * over.
   *
   * @param timeoutMs negative for none
   * @throws ErrnoException EINTR
   */
  public int poll(int fd, int events, int timeoutMs) throws ErrnoException {
    try (Scratch scratch = scratch()) {
      long pollfd = scratch.bytes(Long.BYTES);
      store32(pollfd, fd);
      store32(pollfd + Integer.BYTES, events);
      var _ = checked("poll", syscalls.poll(process, pollfd, 1, timeoutMs));
      return load32(pollfd + Integer.BYTES) >>> Short.SIZE;
    }
  }

  /**
   * Runs an ioctl whose argument is the struct at {@code userPtr}.
   *
   * @param what its name, for messages
   * @throws ErrnoException what the ioctl gives; EBADF, ENOTTY
   */
  public void ioctl(String what, int fd, int cmd, long userPtr) throws ErrnoException {
    var _ = checked(what, syscalls.ioctl(process, fd, cmd, userPtr));
  }

  /**
   * Copies {@code struct} into the process's memory, runs an ioctl on it there, and copies it back.
   *
   * @param what its name, for messages
   * @throws ErrnoException what the ioctl gives; EBADF, ENOTTY; ENOMEM
   */
  public void ioctl(String what, int fd, int cmd, MemorySegment struct) throws ErrnoException {
    try (Scratch scratch = scratch()) {
      long ptr = scratch.bytes(struct.byteSize());
      store(ptr, struct);
      ioctl(what, fd, cmd, ptr);
      load(ptr, struct);
    }
  }

  /**
   * Runs an ioctl with any argument; returns what it returns.
   *
   * @throws ErrnoException what the ioctl gives; EBADF, ENOTTY
   */
  public long ioctl(int fd, int cmd, long arg) throws ErrnoException {
    return checked("ioctl", syscalls.ioctl(process, fd, cmd, arg));
  }

  /**
   * Reads at most {@code sizeBytes} bytes from where the file stands.
   *
   * @throws ErrnoException what the file gives; EBADF
   */
  public byte[] read(int fd, int sizeBytes) throws ErrnoException {
    return transfer("read", sizeBytes, va -> syscalls.read(process, fd, va, sizeBytes));
  }

  /**
   * Reads at most {@code sizeBytes} bytes at {@code position}.
   *
   * @throws ErrnoException what the file gives; EBADF
   */
  public byte[] pread(int fd, int sizeBytes, long position) throws ErrnoException {
    return transfer("pread", sizeBytes, va -> syscalls.pread(process, fd, va, sizeBytes, position));
  }

  /**
   * Writes to where the file stands; returns the number of bytes taken.
   *
   * @throws ErrnoException what the file gives; EBADF
   */
  public int write(int fd, byte[] bytes) throws ErrnoException {
    return transfer("write", bytes, va -> syscalls.write(process, fd, va, bytes.length));
  }

  /**
   * Writes at {@code position}; returns the number of bytes taken.
   *
   * @throws ErrnoException what the file gives; EBADF
   */
  public int pwrite(int fd, byte[] bytes, long position) throws ErrnoException {
    return transfer(
        "pwrite", bytes, va -> syscalls.pwrite(process, fd, va, bytes.length, position));
  }

  private byte[] transfer(String what, int sizeBytes, LongUnaryOperator call)
      throws ErrnoException {
    try (Scratch scratch = scratch()) {
      long va = scratch.bytes(sizeBytes);
      byte[] got = new byte[(int) checked(what, call.applyAsLong(va))];
      memory.load(process, va, MemorySegment.ofArray(got));
      return got;
    }
  }

  private int transfer(String what, byte[] bytes, LongUnaryOperator call) throws ErrnoException {
    try (Scratch scratch = scratch()) {
      long va = scratch.bytes(bytes.length);
      memory.store(process, va, MemorySegment.ofArray(bytes));
      return (int) checked(what, call.applyAsLong(va));
    }
  }

  /**
   * Maps a file, shared, for reading and writing.
   *
   * @throws ErrnoException what the file gives; EBADF, EINVAL, ENOMEM
   */
  public long mmap(int fd, long offset, long sizeBytes) throws ErrnoException {
    return mmap(fd, offset, sizeBytes, PROT_READ_WRITE);
  }

  /**
   * Maps a file, shared.
   *
   * @param prot the bits of {@code PROT_*}
   * @throws ErrnoException what the file gives; EACCES, EBADF, EINVAL, ENOMEM
   */
  public long mmap(int fd, long offset, long sizeBytes, int prot) throws ErrnoException {
    return checked(
        "mmap", syscalls.mmap(process, sizeBytes, prot, Syscalls.MAP_SHARED, fd, offset));
  }

  /**
   * Takes fresh memory at a place of its choice: {@code MAP_FIXED_NOREPLACE}.
   *
   * @param prot the bits of {@code PROT_*}
   * @throws ErrnoException EINVAL, EEXIST
   */
  public void mmapAnonymousAt(long va, long sizeBytes, int prot) throws ErrnoException {
    long _ = checked("mmap", syscalls.mmapAt(process, va, sizeBytes, prot));
  }

  /**
   * Takes fresh memory; a page of it comes when it is first touched.
   *
   * @param prot the bits of {@code PROT_*}
   * @throws ErrnoException EINVAL, ENOMEM
   */
  public long mmapAnonymous(long sizeBytes, int prot) throws ErrnoException {
    int flags = Syscalls.MAP_PRIVATE | Syscalls.MAP_ANONYMOUS;
    return checked("mmap", syscalls.mmap(process, sizeBytes, prot, flags, NO_FD, 0));
  }

  /**
   * Takes a mapping away.
   *
   * @throws ErrnoException EINVAL
   */
  public void munmap(long va, long sizeBytes) throws ErrnoException {
    var _ = checked("munmap", syscalls.munmap(process, va, sizeBytes));
  }

  /**
   * Starts a child that has a copy of the memory and shares the open files; it runs {@code body} in
   * a thread of its own.
   *
   * @return the child's pid
   * @throws ErrnoException ENOMEM
   */
  public int fork(Consumer<Client> body) throws ErrnoException {
    return programs.start(child -> (int) checked("fork", syscalls.fork(process, child)), body);
  }

  /**
   * Starts such a child whose end its starter judges.
   *
   * @param ended told, when it dies, the number of the signal that it died of; 0 if it ended by
   *     itself
   * @return the child's client
   * @throws ErrnoException ENOMEM
   */
  public Client fork(Consumer<Client> body, IntConsumer ended) throws ErrnoException {
    return programs.startJudged(
        child -> (int) checked("fork", syscalls.fork(process, child)), body, ended);
  }

  /**
   * Sends SIGKILL.
   *
   * @throws ErrnoException ESRCH
   */
  public void kill(int pid) throws ErrnoException {
    kill(pid, Syscalls.SIGKILL);
  }

  /**
   * Sends a signal; 0 only looks whether it could.
   *
   * @throws ErrnoException ESRCH; EPERM for another user's process; EINVAL for no signal
   */
  public void kill(int pid, int signal) throws ErrnoException {
    var _ = checked("kill", syscalls.kill(process, pid, signal));
  }

  /** Ends the process; in its own thread this does not return. */
  public void exit() {
    syscalls.exit(process);
  }

  private static long checked(String what, long result) throws ErrnoException {
    Errno errno = result < 0 ? Errno.ofReturnValue(result) : null;
    if (errno != null) {
      throw errno.becauseHere("%s", what);
    }
    return result;
  }

  // ---- its own memory

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  public long loadNumber(long va, int sizeBytes) {
    return memory.load(process, va, sizeBytes);
  }

  /** Stores 1, 2, 4 or 8 bytes. */
  public void storeNumber(long va, int sizeBytes, long value) {
    memory.store(process, va, sizeBytes, value);
  }

  public int load32(long va) {
    return (int) memory.load(process, va, Integer.BYTES);
  }

  /** Loads {@code count} words of 32 bits, the first at {@code va}. */
  ImmutableList<Integer> loadWords(long va, int count) {
    ImmutableList.Builder<Integer> all = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      all.add(load32(va + (long) Integer.BYTES * i));
    }
    return all.build();
  }

  public void store32(long va, int value) {
    memory.store(process, va, Integer.BYTES, value);
  }

  /** Loads as many bytes as {@code to} has. */
  public void load(long va, MemorySegment to) {
    memory.load(process, va, to);
  }

  /** Stores the bytes of {@code from}. */
  public void store(long va, MemorySegment from) {
    memory.store(process, va, from);
  }

  /**
   * Memory for the arguments of one call, as a C program has them on its stack.
   *
   * @throws ErrnoException ENOMEM
   */
  public Scratch scratch() throws ErrnoException {
    if (scratchVa == 0) {
      scratchVa = mmapAnonymous(SCRATCH_BYTES, PROT_READ_WRITE);
    }
    return new Scratch(scratchUsed);
  }

  /** A stretch of the process's memory; closing it gives back all that it handed out. */
  public final class Scratch implements AutoCloseable {
    private record Mapping(long va, long sizeBytes) {}

    private final long mark;
    private final List<Mapping> large = new ArrayList<>();

    private Scratch(long mark) {
      this.mark = mark;
    }

    /**
     * Hands out {@code sizeBytes} bytes, aligned to 8, with what is left in them from before.
     *
     * @throws ErrnoException ENOMEM
     */
    public long bytes(long sizeBytes) throws ErrnoException {
      if (sizeBytes > SCRATCH_BYTES - scratchUsed) {
        long va = mmapAnonymous(sizeBytes, PROT_READ_WRITE);
        large.add(new Mapping(va, sizeBytes));
        return va;
      }
      long va = scratchVa + scratchUsed;
      scratchUsed += (sizeBytes + 7) & -8;
      return va;
    }

    /**
     * Hands out room for {@code count} words of 32 bits, also if that is none.
     *
     * @throws ErrnoException ENOMEM
     */
    long words(int count) throws ErrnoException {
      return bytes(Math.max(Long.BYTES, (long) Integer.BYTES * count));
    }

    @Override
    public void close() {
      scratchUsed = mark;
      for (Mapping each : large) {
        var _ = syscalls.munmap(process, each.va(), each.sizeBytes());
      }
    }
  }

  @Override
  public String toString() {
    return process.toString();
  }
}
