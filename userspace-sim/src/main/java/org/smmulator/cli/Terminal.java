package org.smmulator.cli;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import org.jspecify.annotations.Nullable;

/**
 * The ends of the program's output. The JVM cannot tell; the launcher says it in the property
 * {@code smmulator.terminal}: {@code out}, {@code err} or both, and its width.
 *
 * @param streams those that are a terminal
 * @param columns of the terminal; 0 if nobody knows
 */
record Terminal(ImmutableSet<String> streams, int columns) {
  /** As the launcher said. */
  static Terminal ofHost() {
    return of(
        System.getProperty("smmulator.terminal", ""), System.getProperty("smmulator.columns"));
  }

  static Terminal of(String streams, @Nullable String columns) {
    Integer width = columns == null ? null : Ints.tryParse(columns);
    return new Terminal(
        ImmutableSet.copyOf(Splitter.on(',').omitEmptyStrings().split(streams)),
        width == null || width < 0 ? 0 : width);
  }

  boolean showsOutput() {
    return streams.contains("out");
  }

  boolean showsErrors() {
    return streams.contains("err");
  }
}
