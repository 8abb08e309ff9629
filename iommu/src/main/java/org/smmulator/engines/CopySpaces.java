package org.smmulator.engines;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.engines.CopyMap;

/**
 * The address spaces that an open file lets its engine into: at most one table that is the file's
 * own, and the tables of processes that asked to share theirs.
 *
 * <p>The file's table goes with the file: a child that inherits the descriptor uses it too, and it
 * outlives the process that bound it. A process's table is that process's alone.
 */
final class CopySpaces {
  /** A mapping in the file's table; whole mappings are unmapped. */
  private record Mapping(long address, long sizeBytes) {}

  private final IommuTasks tasks;
  private final Device device;
  private final Mutex lock;
  private final List<Mapping> mappings = new ArrayList<>();
  private final Map<Task, IommuTask> shared = new LinkedHashMap<>();
  private @Nullable IommuTask table;

  CopySpaces(IommuTasks tasks, Device device, Mutex lock) {
    this.tasks = tasks;
    this.device = device;
    this.lock = lock;
  }

  /**
   * Binds {@code task}; whether it gets a table for the file is the kernel's policy.
   *
   * @param flags those of {@link IommuTasks#bindTask}
   * @throws ErrnoException EBUSY if the file has a table already; what {@code bindTask} throws
   */
  IommuTask bind(Task task, int flags) throws ErrnoException {
    try (var _ = lock.lock()) {
      IommuTask bound = tasks.bindTask(device, task, flags, CopySpaces::leftAlone);
      if (bound.sharesProcessTable()) {
        return keepShared(task, bound);
      }
      if (table != null) {
        unbind(bound);
        throw EBUSY.because("the file has a table");
      }
      table = bound;
      return bound;
    }
  }

  private IommuTask keepShared(Task task, IommuTask bound) {
    IommuTask known = shared.putIfAbsent(task, bound);
    if (known == null) {
      return bound;
    }
    unbind(bound); // it only counted
    return known;
  }

  /** Undoes a bind that the process will not hear of. */
  void forget(IommuTask bound) {
    try (var _ = lock.lock()) {
      if (!bound.sharesProcessTable()) {
        table = null;
        mappings.clear();
        unbind(bound);
      }
    }
  }

  /** The PASID of {@code task}'s own addresses, which it may use from now on. */
  int pasidOf(Task task) throws ErrnoException {
    IommuTask known = shared.get(task);
    return (known == null ? bind(task, IommuTasks.SHARE_PROCESS_TABLE) : known).pasid();
  }

  /**
   * The PASID of the file's table.
   *
   * @throws ErrnoException EINVAL if it has none
   */
  int pasidOfTable() throws ErrnoException {
    return table().pasid();
  }

  private IommuTask table() throws ErrnoException {
    if (table == null) {
      throw EINVAL.because("the file has no table");
    }
    return table;
  }

  /**
   * Maps a part of a buffer, all or nothing.
   *
   * @param offset from the buffer's start
   * @throws ErrnoException EINVAL if the file has no table; what {@link IommuTask#map} throws
   */
  void map(CopyMap wanted, CoherentBuffer buffer, long offset) throws ErrnoException {
    try (var _ = lock.lock()) {
      IommuTask into = table();
      int prot = prot(wanted.flags());
      long done = 0;
      try {
        while (done < wanted.sizeBytes()) {
          long run = runAt(buffer, offset + done, wanted.sizeBytes() - done);
          into.map(wanted.address() + done, buffer.paAt(offset + done), run, prot);
          done += run;
        }
      } catch (ErrnoException e) {
        var _ = into.unmap(wanted.address(), done);
        throw e;
      }
      mappings.add(new Mapping(wanted.address(), wanted.sizeBytes()));
    }
  }

  private int prot(int flags) {
    return ((flags & CopyMap.READ) != 0 ? IommuProt.READ : 0)
        | ((flags & CopyMap.WRITE) != 0 ? IommuProt.WRITE : 0)
        | (device.dma().isCoherent() ? IommuProt.CACHE : 0)
        | IommuProt.NOEXEC;
  }

  /** The number of bytes that lie in one piece of memory from {@code offset} on. */
  private static long runAt(CoherentBuffer buffer, long offset, long limit) {
    long run = PAGE_SIZE;
    while (run < limit && buffer.paAt(offset + run) == buffer.paAt(offset) + run) {
      run += PAGE_SIZE;
    }
    return run;
  }

  /**
   * Unmaps what one {@link #map} mapped; when this returns the engine cannot reach it.
   *
   * @throws ErrnoException EINVAL if the file has no table; ENOENT if it has no such mapping
   */
  void unmap(long address, long sizeBytes) throws ErrnoException {
    try (var _ = lock.lock()) {
      IommuTask from = table();
      if (!mappings.remove(new Mapping(address, sizeBytes))) {
        throw ENOENT.because("0x%x bytes at address 0x%x", sizeBytes, address);
      }
      var _ = from.unmap(address, sizeBytes);
    }
  }

  /** Ends all of it; the file is gone. */
  void release() {
    shared.values().forEach(CopySpaces::unbind);
    shared.clear();
    if (table != null) {
      unbind(table);
      table = null;
    }
  }

  /** The file may live on in another process; the token goes with the file. */
  private static void leftAlone(IommuTask token) {}

  private static void unbind(IommuTask token) {
    try {
      token.unbind();
    } catch (ErrnoException e) {
      throw new IllegalStateException("nobody else unbinds a file's token", e);
    }
  }
}
