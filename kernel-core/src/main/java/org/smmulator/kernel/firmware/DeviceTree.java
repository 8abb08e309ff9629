package org.smmulator.kernel.firmware;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A board's tree, whole. */
public final class DeviceTree {
  private final DtNode root;

  // Looked up by phandle, never iterated.
  private final Map<Integer, DtNode> byPhandle = new HashMap<>();

  DeviceTree(DtNode root) {
    this.root = root;
  }

  public DtNode root() {
    return root;
  }

  /** The board's name for people: the root's {@code model}, else its first {@code compatible}. */
  public String model() {
    return root.has("model") ? root.string("model") : root.compatible().getFirst();
  }

  /** The node at {@code path}, such as {@code /soc/gpu@5000000}; null if there is none. */
  public @Nullable DtNode find(String path) {
    DtNode at = root;
    for (String step : path.split("/", -1)) {
      if (!step.isEmpty() && at != null) {
        at = at.child(step);
      }
    }
    return at;
  }

  /** Every node, parents before children, in the order of the source. */
  public ImmutableList<DtNode> nodes() {
    ImmutableList.Builder<DtNode> all = ImmutableList.builder();
    root.addTo(all);
    return all.build();
  }

  @Nullable DtNode byPhandle(int phandle) {
    return byPhandle.get(phandle);
  }

  /** The node's phandle; it gets the next free one if it has none. */
  int phandleOf(DtNode node) {
    int phandle = node.phandle();
    if (phandle == 0) {
      phandle = 1;
      while (byPhandle.containsKey(phandle)) {
        phandle++;
      }
      node.setPhandle(phandle);
    }
    byPhandle.put(phandle, node);
    return phandle;
  }
}
