package org.smmulator.drm.exynos;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Task;

/** The table that the 2D engine walks for a file: the switch {@code exynos.pagetables}. */
public sealed interface ExynosPagetables {
  /** The IOMMU core and address spaces for tasks. */
  record Services(Iommu iommu, IommuTasks tasks) {}

  /** Returns whether each list of commands needs pages of its own, so that files can be apart. */
  boolean keepsListsApart();

  /**
   * Makes what a file has on the engines.
   *
   * @param opener the task that opened it
   */
  Space open(Services services, ExynosMapping.Shared shared, Task opener);

  /** Takes {@code engine} out of whatever file's table it walks, before it is detached. */
  default void restore(Services services, ExynosMapping.Shared shared, Device engine) {}

  /** A file's view of memory on the engines. */
  interface Space {
    /**
     * Lets the file's jobs reach memory at its address.
     *
     * @param caller who holds the file now
     * @param prot bits of {@link IommuProt}
     * @throws ErrnoException ENODEV if the engine is gone; ENOMEM
     */
    default void map(Device engine, Task caller, CoherentBuffer memory, int prot)
        throws ErrnoException {}

    /** Ends {@link #map}. */
    default void unmap(CoherentBuffer memory) {}

    /**
     * Has {@code engine} see what the file sees, before it starts a job of the file's.
     *
     * @throws ErrnoException what the IOMMU's driver gives
     */
    default void load(Device engine) throws ErrnoException {}

    /** The file is closed, and its jobs are done. */
    default void close() {}
  }

  /**
   * {@code shared}: every job of every file sees the one address space of all engines. Linux does
   * so.
   */
  record Shared() implements ExynosPagetables {
    @Override
    public boolean keepsListsApart() {
      return false;
    }

    @Override
    public Space open(Services services, ExynosMapping.Shared shared, Task opener) {
      return new Space() {};
    }
  }

  /**
   * {@code bind-task}: each file has a table of its own, a token of {@link IommuTasks}, in which
   * its buffers lie at the addresses that they have for all engines; it is loaded on the engine's
   * sysmmu when the engine turns to the file. Scan-out stays in the shared address space. Reding's
   * and Deacon's process separation of 2014, driven by the DRM driver.
   */
  record BindTask() implements ExynosPagetables {
    @Override
    public boolean keepsListsApart() {
      return true;
    }

    @Override
    public Space open(Services services, ExynosMapping.Shared shared, Task opener) {
      return new TokenSpace(services, shared, opener);
    }

    @Override
    public void restore(Services services, ExynosMapping.Shared shared, Device engine) {
      moveBack(services.iommu(), shared, engine);
    }

    private static void moveBack(Iommu iommu, ExynosMapping.Shared shared, Device engine) {
      IommuDomain home = iommu.domainOf(shared.dmaDevice());
      IommuDomain now = iommu.domainOf(engine);
      if (now == null || now.equals(home)) {
        return;
      }
      if (!(home instanceof IommuDomain.Paging paging)) {
        iommu.detach(now, engine);
        return;
      }
      try {
        iommu.load(paging, engine);
      } catch (ErrnoException e) {
        throw new IllegalStateException("an engine must fit where it came from", e);
      }
    }

    /** A file's token, made when the file needs it first. */
    private static final class TokenSpace implements Space {
      private final Services services;
      private final ExynosMapping.Shared shared;
      private final Task opener;
      private @Nullable Device engine;
      private @Nullable IommuTask token;

      TokenSpace(Services services, ExynosMapping.Shared shared, Task opener) {
        this.services = services;
        this.shared = shared;
        this.opener = opener;
      }

      /** The token, of a task that lives: the opener's, or else of who holds the file now. */
      private IommuTask token(Device on, Task caller) throws ErrnoException {
        IommuTask made = token;
        if (made == null) {
          made = services.tasks().bindTask(on, opener.isDead() ? caller : opener, 0, ignored -> {});
          token = made;
          engine = on;
        } else if (made.task().isDead()) {
          made.handOver(caller);
        }
        return made;
      }

      @Override
      public void map(Device on, Task caller, CoherentBuffer memory, int prot)
          throws ErrnoException {
        IommuTask to = token(on, caller);
        if (!memory.isInPieces()) {
          to.map(memory.dmaAddress(), memory.pa(), memory.sizeBytes(), prot);
          return;
        }
        long mapped = 0;
        try {
          while (mapped < memory.sizeBytes()) {
            to.map(
                memory.dmaAddress() + mapped, memory.paAt(mapped), PageAllocator.PAGE_SIZE, prot);
            mapped += PageAllocator.PAGE_SIZE;
          }
        } catch (ErrnoException e) {
          if (mapped > 0) {
            var _ = to.unmap(memory.dmaAddress(), mapped);
          }
          throw e;
        }
      }

      @Override
      public void unmap(CoherentBuffer memory) {
        if (token != null) {
          var _ = token.unmap(memory.dmaAddress(), memory.sizeBytes());
        }
      }

      @Override
      public void load(Device on) throws ErrnoException {
        if (token != null) {
          token.load(on);
        }
      }

      @Override
      public void close() {
        IommuTask made = token;
        if (made == null || engine == null) {
          return;
        }
        token = null;
        try {
          if (shared.hasDmaDevice()) {
            moveBackIfLoaded(made);
          }
          made.unbind();
        } catch (ErrnoException e) {
          throw new IllegalStateException("the token was bound", e);
        }
      }

      private void moveBackIfLoaded(IommuTask made) {
        IommuDomain now = engine == null ? null : services.iommu().domainOf(engine);
        if (engine != null
            && now instanceof IommuDomain.Paging paging
            && paging.pagetableBase() == made.pagetableBase()) {
          moveBack(services.iommu(), shared, engine);
        }
      }
    }
  }
}
