package org.smmulator.kernel.fs;

import com.google.common.collect.ImmutableList;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A directory whose children are put there; listed by name. */
public final class PlainDirectory implements Node.Directory {
  private final int mode;
  private final TreeMap<String, Node> children = new TreeMap<>();

  public PlainDirectory(int mode) {
    this.mode = mode;
  }

  @Override
  public int mode() {
    return mode;
  }

  @Override
  public ImmutableList<String> names() {
    return ImmutableList.copyOf(children.keySet());
  }

  @Override
  public @Nullable Node find(String name) {
    return children.get(name);
  }

  /** Puts {@code child} there; false if the name is taken. */
  public boolean add(String name, Node child) {
    return children.putIfAbsent(name, child) == null;
  }

  /** Takes a child away, with all that is below it; false if there is none. */
  public boolean remove(String name) {
    return children.remove(name) != null;
  }
}
