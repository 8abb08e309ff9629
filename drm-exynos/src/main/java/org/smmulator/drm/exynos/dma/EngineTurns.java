package org.smmulator.drm.exynos.dma;

import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * The engines of one DRM device that work for files: what they see of memory while they work for
 * one, and whose jobs may run together.
 *
 * <p>By default all files are served at once, from one address space.
 */
public abstract class EngineTurns {
  /** A file's view of memory on the engines. */
  public interface Space {
    /**
     * Lets the file's jobs reach memory at its address, on every engine; again is as good as once.
     *
     * @param caller who holds the file now
     * @param prot bits of {@link IommuProt}
     * @throws ErrnoException ENODEV if an engine is gone; ENOMEM
     */
    default void map(Task caller, CoherentBuffer memory, int prot) throws ErrnoException {}

    /** Ends {@link #map}. */
    default void unmap(CoherentBuffer memory) {}

    /** The file is closed, and its jobs are done. */
    default void close() {}
  }

  /** One job's claim to an engine. */
  public static final class Turn {
    private final Space space;
    private final Runnable again;

    /**
     * Makes a claim.
     *
     * @param space whose job it is
     * @param again told when {@link EngineTurns#take} may answer otherwise; it must not block
     */
    public Turn(Space space, Runnable again) {
      this.space = space;
      this.again = again;
    }

    Space space() {
      return space;
    }

    void tell() {
      again.run();
    }
  }

  /**
   * Adds an engine, which is in the shared address space.
   *
   * @throws ErrnoException ENODEV if files cannot be apart on it
   */
  public void join(Device engine) throws ErrnoException {}

  /** Removes an engine, and has it see the shared address space again. */
  public void leave(Device engine) {}

  /**
   * Makes what a file has on the engines.
   *
   * @param opener the task that opened it
   */
  public Space open(Task opener) {
    return new Space() {};
  }

  /**
   * Asks for a job's turn, once or again. When it is granted, every engine sees what the job's file
   * sees. It may block.
   *
   * @return whether the job may start now; else the turn is told when to ask again
   * @throws ErrnoException what the IOMMU's driver gives; the turn is given back
   */
  public boolean take(Turn turn) throws ErrnoException {
    return true;
  }

  /** Gives a turn back: the job is done, or does not want to start any more. It may block. */
  public void giveBack(Turn turn) {}
}
