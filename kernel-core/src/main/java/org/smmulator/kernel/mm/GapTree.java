package org.smmulator.kernel.mm;

import org.jspecify.annotations.Nullable;

/**
 * The gaps between the mappings of an address space: the highest one of a size is found without a
 * look at the others. Kernel: {@code mas_empty_area_rev()}, which asks the gaps that a maple tree
 * keeps in its nodes.
 *
 * <p>A treap: a search tree by address in which a parent has a higher priority than its children.
 * The priority is a hash of the address, so that the same mappings always make the same tree.
 */
final class GapTree {
  private static final class Node {
    final long start;
    final long end;
    final long priority;
    @Nullable Node left;
    @Nullable Node right;

    /** The lowest address of the subtree, and the first behind its highest. */
    long lowest;

    long highest;

    /** The longest gap between two neighbours of the subtree. */
    long longestGap;

    Node(long start, long end) {
      this.start = start;
      this.end = end;
      this.priority = (start >>> PageAllocator.PAGE_SHIFT) * 0x9e37_79b9_7f4a_7c15L;
      update();
    }

    void update() {
      Node below = left;
      Node above = right;
      lowest = below == null ? start : below.lowest;
      highest = above == null ? end : above.highest;
      longestGap = Math.max(gapBelow(), gapAbove());
      if (below != null) {
        longestGap = Math.max(longestGap, below.longestGap);
      }
      if (above != null) {
        longestGap = Math.max(longestGap, above.longestGap);
      }
    }

    long gapBelow() {
      return left == null ? 0 : start - left.highest;
    }

    long gapAbove() {
      return right == null ? 0 : right.lowest - end;
    }
  }

  private @Nullable Node root;

  /** Adds a mapping that touches no other. */
  void add(long start, long end) {
    root = insert(root, new Node(start, end));
  }

  /** Removes the mapping that starts at {@code start}. */
  void remove(long start) {
    root = remove(root, start);
  }

  /**
   * The end of the highest gap of at least {@code sizeBytes}; 0 for none.
   *
   * @param bottom the lowest address that may be used
   * @param top the first address that may not
   */
  long highestGapEnd(long sizeBytes, long bottom, long top) {
    Node all = root;
    if (all == null) {
      return top - bottom >= sizeBytes ? top : 0;
    }
    if (top - all.highest >= sizeBytes) {
      return top;
    }
    if (all.longestGap >= sizeBytes) {
      return highestInside(all, sizeBytes);
    }
    return all.lowest - bottom >= sizeBytes ? all.lowest : 0;
  }

  private static long highestInside(Node from, long sizeBytes) {
    Node at = from;
    while (true) {
      Node above = at.right;
      Node below = at.left;
      if (above != null && above.longestGap >= sizeBytes) {
        at = above;
      } else if (above != null && at.gapAbove() >= sizeBytes) {
        return above.lowest;
      } else if (below != null && at.gapBelow() < sizeBytes) {
        at = below;
      } else {
        return at.start;
      }
    }
  }

  private static Node insert(@Nullable Node at, Node added) {
    if (at == null) {
      return added;
    }
    if (added.start < at.start) {
      at.left = insert(at.left, added);
      at.update();
      return at.left.priority > at.priority ? rotateRight(at, at.left) : at;
    }
    at.right = insert(at.right, added);
    at.update();
    return at.right.priority > at.priority ? rotateLeft(at, at.right) : at;
  }

  private static Node rotateRight(Node parent, Node left) {
    parent.left = left.right;
    left.right = parent;
    parent.update();
    left.update();
    return left;
  }

  private static Node rotateLeft(Node parent, Node right) {
    parent.right = right.left;
    right.left = parent;
    parent.update();
    right.update();
    return right;
  }

  private static @Nullable Node remove(@Nullable Node at, long start) {
    if (at == null) {
      return null;
    }
    if (start == at.start) {
      return joined(at.left, at.right);
    }
    if (start < at.start) {
      at.left = remove(at.left, start);
    } else {
      at.right = remove(at.right, start);
    }
    at.update();
    return at;
  }

  /** One tree of two, all of the first below all of the second. */
  private static @Nullable Node joined(@Nullable Node below, @Nullable Node above) {
    if (below == null || above == null) {
      return below == null ? above : below;
    }
    if (below.priority > above.priority) {
      below.right = joined(below.right, above);
      below.update();
      return below;
    }
    above.left = joined(below, above.left);
    above.update();
    return above;
  }
}
