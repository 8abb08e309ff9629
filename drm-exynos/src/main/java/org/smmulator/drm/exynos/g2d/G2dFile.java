package org.smmulator.drm.exynos.g2d;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.dma.EngineTurns;

/**
 * The part of an open file that the 2D engine knows: the lists that its next EXEC runs. Kernel:
 * {@code struct drm_exynos_file_private}.
 */
public final class G2dFile {
  private final EngineTurns.Space space;
  private List<G2dCmdlistNode> inUse = new ArrayList<>();
  private final List<G2dUserMemory.Range> ranges = new ArrayList<>(0);
  private @Nullable G2dData engine;

  /**
   * Makes it; Kernel: {@code g2d_open()}.
   *
   * @param space the file's view of memory on the engines
   */
  public G2dFile(EngineTurns.Space space) {
    this.space = space;
  }

  EngineTurns.Space space() {
    return space;
  }

  /** The memory of the client's that its lists use as images. */
  List<G2dUserMemory.Range> ranges() {
    return ranges;
  }

  /** Adds a list, and links the one before it to it. Kernel: {@code g2d_add_cmdlist_to_inuse()}. */
  void add(G2dCmdlistNode node) {
    if (!inUse.isEmpty()) {
      inUse.getLast().linkTo(node);
    }
    inUse.add(node);
  }

  /** The file uses an engine. */
  void use(G2dData by) {
    engine = by;
  }

  /** Takes all lists, in their order. */
  List<G2dCmdlistNode> takeAll() {
    List<G2dCmdlistNode> taken = inUse;
    inUse = new ArrayList<>();
    return taken;
  }

  /** Ends what the engine does for the file. Kernel: {@code g2d_close()}. */
  public void close() {
    if (engine != null) {
      engine.close(this);
    }
  }
}
