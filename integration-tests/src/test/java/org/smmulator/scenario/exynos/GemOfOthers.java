package org.smmulator.scenario.exynos;

import static java.util.Objects.requireNonNull;

import org.smmulator.drm.DrmCore;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/**
 * A GEM buffer of a driver that is not Exynos', as msm makes them: pages that lie apart, exported
 * by the helpers of the DRM core.
 */
final class GemOfOthers {
  private static final int PAGE = 4096;

  private final Machine machine;
  private final DrmCore core;
  private final GemHandles file;
  private final Scattered object;

  private static final class Scattered extends GemObject {
    private final Machine machine;
    private final PageOwner owner;
    private final long[] pages;
    private boolean isFree;

    Scattered(Tm2 tm2, int pageCount, boolean inOneRun) throws ErrnoException {
      super(
          (long) pageCount * PAGE,
          tm2.drm().core().reservations().reservation(),
          new VmaOffsetManager(tm2.machine.faults())); // by which its driver knows it
      this.machine = tm2.machine;
      this.owner = machine.pages().owner("shmem", PageZone.CLIENT);
      this.pages = new long[pageCount];
      for (int i = pageCount - 1; i >= 0; i--) {
        pages[inOneRun ? pageCount - 1 - i : i] = machine.pages().alloc(0, owner);
      }
    }

    @Override
    protected ScatterList pieces() {
      ScatterList pieces = new ScatterList();
      for (long page : pages) {
        pieces.add(page, PAGE);
      }
      return pieces;
    }

    @Override
    public long fault(long offset) {
      return pages[(int) (offset / PAGE)];
    }

    @Override
    protected void free() {
      isFree = true;
      for (long page : pages) {
        machine.pages().free(page, 0, owner);
      }
    }
  }

  /** Makes a buffer whose pages lie apart, unless they happen to lie {@code inOneRun}. */
  GemOfOthers(Tm2 tm2, int pageCount, boolean inOneRun) throws ErrnoException {
    this.machine = tm2.machine;
    this.core = tm2.drm().core();
    this.file = new GemHandles(this, machine.faults());
    this.object = new Scattered(tm2, pageCount, inOneRun);
  }

  /** A descriptor of the buffer in a process, which alone holds it from now on. */
  int share(Client client) throws ErrnoException {
    int handle = file.create(object);
    object.put();
    int fd =
        file.prime()
            .handleToFd(
                core.fences(),
                requireNonNull(machine.processes().find(client.pid())).caller(),
                handle,
                OpenFlags.O_RDWR);
    file.releaseAll();
    return fd;
  }

  int load(int page, int offset) {
    return machine.dram().getInt(object.fault((long) page * PAGE) + offset);
  }

  boolean isFree() {
    return object.isFree;
  }
}
