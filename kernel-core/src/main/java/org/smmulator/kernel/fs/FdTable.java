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
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/** The descriptors of a simulated process: the lowest free number first. */
public final class FdTable implements FileTable {
  private static final int LIMIT = 1024;

  private final FaultInjector faults;
  private final BitSet taken = new BitSet();
  private final List<@Nullable OpenFile> files = new ArrayList<>();

  /** Makes an empty table whose reservations {@code faults} may make fail. */
  public FdTable(FaultInjector faults) {
    this.faults = faults;
  }

  @Override
  public ReservedFd reserve() throws ErrnoException {
    int fd = taken.nextClearBit(0);
    if (fd >= LIMIT || faults.shouldFail(Site.DESCRIPTOR)) {
      throw EMFILE.because("%d descriptors are open", LIMIT);
    }
    taken.set(fd);
    while (files.size() <= fd) {
      files.add(null);
    }
    return new Slot(fd);
  }

  private final class Slot implements ReservedFd {
    private final int fd;
    private boolean used;

    Slot(int fd) {
      this.fd = fd;
    }

    @Override
    public int install(OpenFile file) {
      use();
      files.set(fd, file);
      return fd;
    }

    @Override
    public void put() {
      use();
      taken.clear(fd);
    }

    private void use() {
      checkState(!used, "fd %s is not reserved", fd);
      used = true;
    }
  }

  @Override
  public OpenFile file(int fd) throws ErrnoException {
    OpenFile file = fd >= 0 && fd < files.size() ? files.get(fd) : null;
    if (file == null) {
      throw EBADF.because("fd %d is not open", fd);
    }
    return file;
  }

  @Override
  public void close(int fd) throws ErrnoException {
    OpenFile file = file(fd);
    files.set(fd, null);
    taken.clear(fd);
    file.put();
  }

  @Override
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

  /** Returns the descriptors that are open, lowest first. */
  public ImmutableList<Integer> descriptors() {
    return IntStream.range(0, files.size())
        .filter(fd -> files.get(fd) != null)
        .boxed()
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns a copy for a forked child: the same descriptors, sharing the same open files. */
  public FdTable forked() {
    FdTable copy = new FdTable(faults);
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
