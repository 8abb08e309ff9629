package org.smmulator.drm.mm;

import static java.lang.Long.compareUnsigned;

import org.jspecify.annotations.Nullable;

/**
 * Holes in the order of their addresses; each subtree knows its largest hole, so that a search for
 * one that is large enough passes over the rest. An AVL tree; a hole is the node before it.
 */
// The kernel has an augmented red-black tree here. Which balanced tree it is does not show: the
// searches ask for the lowest or highest hole, not for a shape.
final class HoleTree {
  private @Nullable MmNode root;

  void add(MmNode hole) {
    hole.left = null;
    hole.right = null;
    update(hole);
    root = add(root, hole);
  }

  void remove(MmNode hole) {
    root = remove(root, hole);
  }

  /** The lowest hole of at least {@code size} that ends above {@code address}. */
  @Nullable MmNode lowest(long size, long address) {
    return lowest(root, size, address);
  }

  /** The highest hole of at least {@code size} that starts below {@code address}. */
  @Nullable MmNode highest(long size, long address) {
    return highest(root, size, address);
  }

  private static @Nullable MmNode lowest(@Nullable MmNode at, long size, long address) {
    if (at == null || compareUnsigned(at.largestHole, size) < 0) {
      return null;
    }
    boolean endsAbove = compareUnsigned(at.holeEnd(), address) > 0;
    if (endsAbove) {
      MmNode lower = lowest(at.left, size, address);
      if (lower != null) {
        return lower;
      }
      if (compareUnsigned(at.holeSize, size) >= 0) {
        return at;
      }
    }
    return lowest(at.right, size, address);
  }

  private static @Nullable MmNode highest(@Nullable MmNode at, long size, long address) {
    if (at == null || compareUnsigned(at.largestHole, size) < 0) {
      return null;
    }
    boolean startsBelow = compareUnsigned(at.holeStart(), address) < 0;
    if (startsBelow) {
      MmNode higher = highest(at.right, size, address);
      if (higher != null) {
        return higher;
      }
      if (compareUnsigned(at.holeSize, size) >= 0) {
        return at;
      }
    }
    return highest(at.left, size, address);
  }

  private static MmNode add(@Nullable MmNode at, MmNode hole) {
    if (at == null) {
      return hole;
    }
    if (compareUnsigned(hole.start, at.start) < 0) {
      at.left = add(at.left, hole);
    } else {
      at.right = add(at.right, hole);
    }
    return balance(at);
  }

  private static @Nullable MmNode remove(@Nullable MmNode at, MmNode hole) {
    if (at == null) {
      throw new IllegalStateException("no hole after " + Long.toUnsignedString(hole.start));
    }
    if (at == hole) {
      MmNode lower = at.left;
      MmNode higher = at.right;
      if (lower == null || higher == null) {
        return lower == null ? higher : lower;
      }
      MmNode next = first(higher);
      next.right = withoutFirst(higher);
      next.left = lower;
      return balance(next);
    }
    if (compareUnsigned(hole.start, at.start) < 0) {
      at.left = remove(at.left, hole);
    } else {
      at.right = remove(at.right, hole);
    }
    return balance(at);
  }

  private static MmNode first(MmNode at) {
    MmNode first = at;
    for (MmNode left = first.left; left != null; left = first.left) {
      first = left;
    }
    return first;
  }

  private static @Nullable MmNode withoutFirst(MmNode at) {
    if (at.left == null) {
      return at.right;
    }
    at.left = withoutFirst(at.left);
    return balance(at);
  }

  private static MmNode balance(MmNode at) {
    MmNode left = at.left;
    MmNode right = at.right;
    int lean = height(left) - height(right);
    if (lean > 1 && left != null) {
      if (height(left.left) < height(left.right)) {
        at.left = rotateLeft(left);
      }
      return rotateRight(at);
    }
    if (lean < -1 && right != null) {
      if (height(right.right) < height(right.left)) {
        at.right = rotateRight(right);
      }
      return rotateLeft(at);
    }
    update(at);
    return at;
  }

  private static MmNode rotateRight(MmNode at) {
    MmNode top = at.left;
    if (top == null) {
      return at;
    }
    at.left = top.right;
    top.right = at;
    update(at);
    update(top);
    return top;
  }

  private static MmNode rotateLeft(MmNode at) {
    MmNode top = at.right;
    if (top == null) {
      return at;
    }
    at.right = top.left;
    top.left = at;
    update(at);
    update(top);
    return top;
  }

  private static void update(MmNode at) {
    MmNode left = at.left;
    MmNode right = at.right;
    at.height = 1 + Math.max(height(left), height(right));
    long largest = at.holeSize;
    if (left != null && compareUnsigned(left.largestHole, largest) > 0) {
      largest = left.largestHole;
    }
    if (right != null && compareUnsigned(right.largestHole, largest) > 0) {
      largest = right.largestHole;
    }
    at.largestHole = largest;
  }

  private static int height(@Nullable MmNode at) {
    return at == null ? 0 : at.height;
  }
}
