package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;

/**
 * A scenario: processes that run on a board, and what must come of it.
 *
 * @param about its title, one line
 * @param story what a newcomer should know first; may be empty
 * @param lesson its number in the tour; null if it is no lesson
 * @param settings switches of the machine, as {@code --set} takes them
 * @param after what must hold when every process has ended
 */
public record Scenario(
    String file,
    String about,
    String story,
    @Nullable Integer lesson,
    String board,
    ImmutableMap<String, Setting> settings,
    ImmutableList<ProcessScript> processes,
    ImmutableList<Step> after) {

  /** A switch of the machine, as the file has it. */
  public record Setting(SourceLocation place, String value) {}

  /** A process and what it does. */
  public record ProcessScript(SourceLocation place, String name, ImmutableList<Step> steps) {}

  /** The title as lists show it. */
  public String title() {
    return lesson == null ? about : "%02d %s".formatted(lesson, about);
  }
}
