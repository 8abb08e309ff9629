package org.smmulator.kernel.firmware;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of each label of a tree's source which node it is on. */
final class DtsLabels {
  /** A longer word has no nearest one: to look for it takes the product of both lengths. */
  private static final int LONGEST_WORD = 100;

  private final DtNode root;

  // In the order in which they were given, so that the nearest is always the same one.
  private final Map<String, @Nullable DtNode> nodes = new LinkedHashMap<>();

  DtsLabels(DtNode root) {
    this.root = root;
  }

  void put(String label, DtNode node, Place place) {
    DtNode before = nodes.get(label);
    if (nodes.containsKey(label) && before != node && (before == null || isThere(before))) {
      throw taken(label, before, place);
    }
    nodes.put(label, node);
  }

  /** Takes a label that is on no node. */
  void reserve(String label, Place place) {
    DtNode before = nodes.get(label);
    if (nodes.containsKey(label) && (before == null || isThere(before))) {
      throw taken(label, before, place);
    }
    nodes.put(label, null);
  }

  private static DeviceTreeException taken(String label, @Nullable DtNode by, Place place) {
    return new DeviceTreeException(
        place,
        "the label '%s' is taken by %s".formatted(label, by == null ? "a value" : by.path()));
  }

  DtNode find(DtsValue.Reference reference) {
    String[] steps = reference.to().split("/", -1);
    DtNode at = steps[0].isEmpty() ? root : nodes.get(steps[0]);
    if (at == null || !isThere(at)) {
      throw new DeviceTreeException(
          reference.place(), "there is no label '%s'%s".formatted(steps[0], nearest(steps[0])));
    }
    for (int i = 1; i < steps.length && at != null; i++) {
      at = steps[i].isEmpty() ? at : at.child(steps[i]);
    }
    if (at == null) {
      throw new DeviceTreeException(
          reference.place(), "there is no node '%s'".formatted(reference.to()));
    }
    return at;
  }

  /** Tells whether the node has not been deleted, nor one above it. */
  private boolean isThere(DtNode node) {
    DtNode parent = node.parent();
    return parent == null ? node == root : parent.child(node.name()) == node && isThere(parent);
  }

  private String nearest(String label) {
    String best = "";
    int bestDistance = Math.max(2, label.length() / 2);
    for (String known : nodes.keySet()) {
      if (Math.max(known.length(), label.length()) > LONGEST_WORD) {
        continue;
      }
      int distance = EditDistance.between(known, label);
      if (distance < bestDistance) {
        best = "; did you mean '%s'?".formatted(known);
        bestDistance = distance;
      }
    }
    return best;
  }
}
