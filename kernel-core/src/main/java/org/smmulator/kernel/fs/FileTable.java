package org.smmulator.kernel.fs;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EMFILE;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A process's descriptors. Kernel: {@code struct files_struct}.
 *
 * <p>A new descriptor is reserved first and shows up only when it is installed, so that a call that
 * fails half way has nothing to take back from its caller's sight.
 */
public final class FileTable {
  private static final int LIMIT = 1024;

  private final BitSet taken = new BitSet();
  private final List<@Nullable OpenFile> files = new ArrayList<>();

  /**
   * Reserves the lowest free descriptor.
   *
   * @throws ErrnoException EMFILE if the process has 1024 of them
   */
  public int reserve() throws ErrnoException {
    int fd = taken.nextClearBit(0);
    if (fd >= LIMIT) {
      throw EMFILE.because("%d descriptors are open", LIMIT);
    }
    taken.set(fd);
    while (files.size() <= fd) {
      files.add(null);
    }
    return fd;
  }

  /**
   * Lets {@code fd}, which is reserved, stand for {@code file}; the caller's reference moves in.
   */
  public void install(int fd, OpenFile file) {
    checkState(taken.get(fd) && files.get(fd) == null, "fd %s is not reserved", fd);
    files.set(fd, file);
  }

  /** Gives back a descriptor that was reserved and never installed. */
  public void put(int fd) {
    checkState(taken.get(fd) && files.get(fd) == null, "fd %s is not reserved", fd);
    taken.clear(fd);
  }

  /**
   * Returns what {@code fd} stands for, without a reference of the caller's own.
   *
   * @throws ErrnoException EBADF if it stands for nothing
   */
  public OpenFile file(int fd) throws ErrnoException {
    OpenFile file = fd >= 0 && fd < files.size() ? files.get(fd) : null;
    if (file == null) {
      throw EBADF.because("fd %d is not open", fd);
    }
    return file;
  }

  /**
   * Closes {@code fd}.
   *
   * @throws ErrnoException EBADF if it is not open
   */
  public void close(int fd) throws ErrnoException {
    OpenFile file = file(fd);
    files.set(fd, null);
    taken.clear(fd);
    file.put();
  }

  /** Closes everything, lowest first. */
  public void closeAll() {
    for (int fd = 0; fd < files.size(); fd++) {
      OpenFile file = files.get(fd);
      files.set(fd, null);
      if (file != null) {
        file.put();
      }
    }
    taken.clear();
  }

  /** The descriptors that are open, lowest first. */
  public ImmutableList<Integer> descriptors() {
    return IntStream.range(0, files.size())
        .filter(fd -> files.get(fd) != null)
        .boxed()
        .collect(ImmutableList.toImmutableList());
  }

  /** A copy for a forked child: the same descriptors, sharing the same open files. */
  public FileTable forked() {
    FileTable copy = new FileTable();
    for (int fd = 0; fd < files.size(); fd++) {
      OpenFile file = files.get(fd);
      copy.files.add(file == null ? null : file.get());
      if (file != null) {
        copy.taken.set(fd);
      }
    }
    return copy;
  }
}
