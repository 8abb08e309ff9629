package org.smmulator.script;

import org.jspecify.annotations.Nullable;

/**
 * A name that a step gave with {@code as}, used somewhere.
 *
 * @param process whose name it is; null for the process that uses it
 */
public record NameRef(SourceLocation place, @Nullable String process, String name) {
  @Override
  public String toString() {
    return process == null ? name : process + "." + name;
  }
}
