package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A scenario: processes that run on a board, and what must come of it.
 *
 * @param about its title, one line
 * @param story what a newcomer should know first; may be empty
 * @param lesson its number in the tour; null if it is no lesson
 * @param board a board's name, or the path of a device tree
 * @param furtherBoards the boards that it runs on afterwards, unchanged
 * @param settings switches of the machine, as {@code --set} takes them
 * @param processes drivers of the kernel first, then those that make system calls
 * @param after what must hold when every process has ended
 */
public record Scenario(
    String file,
    String about,
    String story,
    @Nullable Integer lesson,
    Setting board,
    ImmutableList<Setting> furtherBoards,
    ImmutableMap<String, Setting> settings,
    ImmutableList<ProcessScript> processes,
    ImmutableList<Step> after) {

  /** A value that decides about the machine, as the file has it. */
  public record Setting(SourceLocation place, String value) {}

  /** A process and what it does. */
  public record ProcessScript(
      SourceLocation place, String name, Side side, ImmutableList<Step> steps) {}

  /** The same on each of its boards, one after another. */
  public ImmutableList<Scenario> onEachBoard() {
    ImmutableList.Builder<Scenario> each = ImmutableList.builder();
    each.add(on(board));
    furtherBoards.forEach(further -> each.add(on(further)));
    return each.build();
  }

  private Scenario on(Setting one) {
    return new Scenario(
        file, about, story, lesson, one, ImmutableList.of(), settings, processes, after);
  }

  /** The board's name, or its path as seen from where the program runs. */
  public String boardFile() {
    String given = board.value();
    boolean isPath = given.endsWith(".dts") || given.endsWith(".dtb");
    return isPath ? Path.of(file).resolveSibling(given).toString() : given;
  }

  /** The title as lists show it. */
  public String title() {
    return lesson == null ? about : "%02d %s".formatted(lesson, about);
  }
}
