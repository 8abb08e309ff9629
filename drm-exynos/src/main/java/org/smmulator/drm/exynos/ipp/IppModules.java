package org.smmulator.drm.exynos.ipp;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The picture processors of one DRM device. Kernel: {@code ipp_list}, which all devices share; its
 * count never goes down, so that after a rebind upstream tells more than there are.
 */
public final class IppModules {
  private final List<Ipp> registered = new ArrayList<>();
  private int next;

  /**
   * Adds a processor. Kernel: {@code exynos_drm_ipp_register()}.
   *
   * @param turns the engines of the DRM device
   */
  public void register(Ipp ipp, EngineTurns turns) {
    ipp.begin(next++, turns);
    registered.add(ipp);
  }

  /** Removes it, when its tasks have ended. Kernel: {@code exynos_drm_ipp_unregister()}. */
  public void unregister(Ipp ipp) {
    ipp.stop();
    registered.remove(ipp);
  }

  ImmutableList<Ipp> all() {
    return ImmutableList.copyOf(registered);
  }

  /**
   * Finds a processor by its id.
   *
   * @throws ErrnoException ENOENT
   */
  Ipp find(int id) throws ErrnoException {
    for (Ipp ipp : registered) {
      if (ipp.id() == id) {
        return ipp;
      }
    }
    throw ENOENT.because("no picture processor has id %d", id);
  }

  /** Ends the tasks of a file that is closed. */
  public void close(EngineTurns.Space space) {
    all().forEach(ipp -> ipp.close(space));
  }
}
