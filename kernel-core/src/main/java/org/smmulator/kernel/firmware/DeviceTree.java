package org.smmulator.kernel.firmware;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A board's tree, whole. */
public final class DeviceTree {
  private final DtNode root;
  private final ImmutableList<DtRange> memReserves;

  // Looked up, never iterated.
  private final Map<Integer, DtNode> byPhandle = new HashMap<>();
  private final Map<DtNode, Integer> phandles = new HashMap<>();

  private int lastGiven;

  /** Makes a tree, and knows the phandles that its nodes give themselves. */
  DeviceTree(DtNode root, List<DtRange> memReserves) {
    this.root = root;
    this.memReserves = ImmutableList.copyOf(memReserves);
    for (DtNode node : nodes()) {
      int phandle = node.ownPhandle();
      if (phandle != 0) {
        enter(node, phandle);
      }
    }
  }

  public DtNode root() {
    return root;
  }

  /**
   * The board's name for people: the root's {@code model}, else its first {@code compatible}, else
   * null. Kernel: {@code of_flat_dt_get_machine_name()}.
   */
  public @Nullable String model() {
    if (root.has("model")) {
      return root.string("model");
    }
    return root.compatible().isEmpty() ? null : root.compatible().getFirst();
  }

  /** Memory that the tree says is taken: its {@code /memreserve/} entries. */
  public ImmutableList<DtRange> memReserves() {
    return memReserves;
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
    Integer known = phandles.get(node);
    if (known != null) {
      return known;
    }
    do {
      lastGiven++;
    } while (byPhandle.containsKey(lastGiven));
    node.setPhandle(lastGiven);
    enter(node, lastGiven);
    return lastGiven;
  }

  private void enter(DtNode node, int phandle) {
    DtNode before = byPhandle.putIfAbsent(phandle, node);
    if (before != null) {
      throw node.wrong(
          "phandle", "0x%x is the phandle of %s already".formatted(phandle, before.path()));
    }
    phandles.put(node, phandle);
  }
}
