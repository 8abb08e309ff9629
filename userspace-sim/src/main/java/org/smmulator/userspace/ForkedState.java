package org.smmulator.userspace;

import java.util.IdentityHashMap;

/**
 * The copy of a program's own state that a child of a fork has: every object that speaks for the
 * parent's process is copied into one that speaks for the child's. Two that share a third share its
 * copy.
 */
public final class ForkedState {
  private final IdentityHashMap<Object, Object> copies = new IdentityHashMap<>();

  /** Copies what speaks for {@code parent} into what speaks for {@code child}. */
  public ForkedState(Client parent, Client child) {
    copies.put(parent, child);
  }

  /** A part of a program's state that speaks for a process. */
  public interface Part {
    /** Makes the child's copy; asks {@code state} for the copies of what this refers to. */
    Object copyInto(ForkedState state);
  }

  /** The child's copy of {@code original}; a value that speaks for no process is its own copy. */
  @SuppressWarnings("unchecked") // a part's copy is of its own class
  public <T> T of(T original) {
    Object known = copies.get(original);
    if (known != null) {
      return (T) known;
    }
    if (!(original instanceof Part part)) {
      return original;
    }
    Object copy = part.copyInto(this);
    copies.put(original, copy);
    return (T) copy;
  }
}
