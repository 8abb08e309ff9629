package org.smmulator.drm.exynos;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;

/**
 * An open file's state in the driver: the lists that its next EXEC runs, and what the engines see
 * for it. Kernel: {@code struct drm_exynos_file_private}.
 */
final class ExynosFile {
  private final ExynosPagetables.Space space;
  private List<G2dCmdlistNode> inUse = new ArrayList<>();
  private @Nullable G2dData engine;

  ExynosFile(ExynosPagetables.Space space) {
    this.space = space;
  }

  static ExynosFile of(DrmFile file) {
    return (ExynosFile) file.driverPrivate();
  }

  /** The file's view of memory on the engines. */
  ExynosPagetables.Space space() {
    return space;
  }

  /**
   * Adds a list, and links the one before it to it. Kernel: {@code g2d_add_cmdlist_to_inuse()}.
   *
   * @param by the engine that the list is for
   */
  void add(G2dCmdlistNode node, G2dData by) {
    if (!inUse.isEmpty()) {
      inUse.getLast().linkTo(node);
    }
    inUse.add(node);
    engine = by;
  }

  /** Takes all lists, in their order. */
  List<G2dCmdlistNode> takeAll() {
    List<G2dCmdlistNode> taken = inUse;
    inUse = new ArrayList<>();
    return taken;
  }

  /** Ends what the engine does for the file. Kernel: {@code g2d_close()}. */
  void close() {
    if (engine != null) {
      engine.close(this);
    }
    space.close();
  }
}
