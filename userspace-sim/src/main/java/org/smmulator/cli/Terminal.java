package org.smmulator.cli;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.report.Style;

/**
 * The ends of the program's output. The JVM cannot tell what they are; the launcher says it in the
 * property {@code smmulator.terminal}: {@code out}, {@code err} or both, and the width.
 *
 * @param streams those that are a terminal
 * @param columns of the output's terminal; 0 if it is none, or nobody knows
 * @param hasColours whether the output is to have colours
 */
record Terminal(ImmutableSet<String> streams, int columns, boolean hasColours) {
  private static final String OUT = "out";

  /** As the launcher and the environment say. */
  static Terminal ofHost() {
    return of(
        System.getProperty("smmulator.terminal", ""),
        System.getProperty("smmulator.columns"),
        System.getenv());
  }

  /** Colours are left out under NO_COLOR, as no-color.org asks. */
  static Terminal of(String streams, @Nullable String columns, Map<String, String> environment) {
    ImmutableSet<String> shown =
        ImmutableSet.copyOf(Splitter.on(',').omitEmptyStrings().split(streams));
    Integer width = columns == null || !shown.contains(OUT) ? null : Ints.tryParse(columns);
    boolean plain =
        !Strings.nullToEmpty(environment.get("NO_COLOR")).isEmpty()
            || "dumb".equals(environment.get("TERM"));
    return new Terminal(
        shown, width == null || width < 0 ? 0 : width, shown.contains(OUT) && !plain);
  }

  boolean showsErrors() {
    return streams.contains("err");
  }

  Style style(boolean full) {
    return new Style(full, hasColours, columns);
  }
}
