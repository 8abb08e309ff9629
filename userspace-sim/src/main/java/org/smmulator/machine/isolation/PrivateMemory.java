package org.smmulator.machine.isolation;

import com.google.common.collect.ImmutableSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.task.Task;

/** The memory that one process alone can come by. */
final class PrivateMemory {
  private final ProcessTable processes;

  PrivateMemory(ProcessTable processes) {
    this.processes = processes;
  }

  /**
   * Returns the one process that can come by a page; null if there is none, or several.
   *
   * @param account that of the page
   */
  @Nullable Process ownerOf(long pa, PageOwner account) {
    if (account.zone() != PageZone.CLIENT) {
      return null;
    }
    if (account.holder() instanceof Holder.OfProcess holder) {
      Process process = processes.find(holder.pid());
      if (process != null && process.isInside() && process.mm().isOnAccount(account)) {
        return process;
      }
    }
    return theOneWithABufferAt(pa & -PageAllocator.PAGE_SIZE);
  }

  /**
   * Returns whether {@code owner} may itself have given {@code other}'s table its memory: both have
   * one file open, whose table is that of who opened it, and a job on it may name user memory of
   * whoever submits.
   */
  boolean mayHandOn(Process owner, Task other) {
    Process holder = processes.find(other.pid());
    return holder != null
        && holder.isInside()
        && !Collections.disjoint(filesOf(owner), filesOf(holder));
  }

  private @Nullable Process theOneWithABufferAt(long page) {
    Process only = null;
    for (Map.Entry<DrmFile, Set<Process>> open : openFiles().entrySet()) {
      for (GemObject buffer : open.getKey().handles().objects()) {
        if (lies(buffer, page)) {
          boolean others = only != null || open.getValue().size() > 1 || buffer.isOffered();
          if (others) {
            return null;
          }
          only = open.getValue().iterator().next();
        }
      }
    }
    return only;
  }

  private static boolean lies(GemObject buffer, long page) {
    for (long offset = 0; offset < buffer.sizeBytes(); offset += PageAllocator.PAGE_SIZE) {
      if (buffer.pageAt(offset) == page) {
        return true;
      }
    }
    return false;
  }

  /** The open files of graphics devices, each with the processes that have it. */
  private Map<DrmFile, Set<Process>> openFiles() {
    Map<DrmFile, Set<Process>> files = new LinkedHashMap<>();
    for (Process process : processes.all()) {
      if (process.isInside()) {
        for (DrmFile file : filesOf(process)) {
          files.computeIfAbsent(file, _ -> new LinkedHashSet<>()).add(process);
        }
      }
    }
    return files;
  }

  private static ImmutableSet<DrmFile> filesOf(Process process) {
    ImmutableSet.Builder<DrmFile> files = ImmutableSet.builder();
    for (int fd : process.files().descriptors()) {
      try {
        if (process.files().file(fd).operations() instanceof DrmFile file) {
          files.add(file);
        }
      } catch (ErrnoException e) {
        throw new IllegalStateException("descriptor " + fd, e);
      }
    }
    return files.build();
  }
}
