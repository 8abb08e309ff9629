package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.faults.Injection;

/**
 * A scenario: processes that run on a board, and what must come of it.
 *
 * @param name what a command takes to run it: the name of one that came with the program, or its
 *     file
 * @param file its file's name, for messages
 * @param text all of the file
 * @param about its title, one line
 * @param story what a newcomer should know first; may be empty
 * @param lesson what it teaches; null if it is no lesson
 * @param board a board's name, or the path of a device tree
 * @param furtherBoards the boards that it runs on afterwards, unchanged
 * @param settings switches of the machine, as {@code --set} takes them
 * @param faults what goes wrong in the machine
 * @param processes drivers of the kernel first, then those that make system calls
 * @param after what must hold when every process has ended
 */
public record Scenario(
    String name,
    String file,
    String text,
    String about,
    String story,
    @Nullable Lesson lesson,
    Setting board,
    ImmutableList<Setting> furtherBoards,
    ImmutableMap<String, Setting> settings,
    ImmutableList<PlannedFault> faults,
    ImmutableList<ProcessScript> processes,
    ImmutableList<Step> after) {

  /** A key of the file's outermost mapping. */
  public enum Key {
    ABOUT("a title, required", "Its title, one line.", "Two processes, one address"),
    STORY("a text", "What a newcomer should know first.", "Two processes open the GPU ..."),
    LESSON("a lesson", "What it teaches.", "{number: 1, layer: drm, question: ..., answer: ...}"),
    BOARD(
        "one entry or a list, each a board, default db845c",
        "The board that it runs on, or several in turn.",
        "[db845c, trogdor]"),
    SET("switches", "Switches of the machine, as --set takes them.", "{iommu.strict: 0}"),
    FAULTS(
        "a list of faults",
        "What goes wrong in the machine.",
        "[{lose_interrupt: {device: 5000000.gpu}}]"),
    KERNEL(
        "drivers, each a list of steps",
        "What each driver does, by its name.",
        "{driver: [{bind: {device: 8000000.dma}}]}"),
    PROCESSES(
        "processes, each a list of steps; required if there is no driver",
        "What each process does, by its name. A name with 'user: ordinary' has its list in"
            + " 'steps'.",
        "{painter: [{open: {node: renderD128, as: gpu}}]}"),
    AFTER(
        "a list of expectations",
        "What must hold when every process has ended.",
        "[{expect: {leaked_pages: 0}}]");

    private final String shape;
    private final String sentence;
    private final String example;

    Key(String shape, String sentence, String example) {
      this.shape = shape;
      this.sentence = sentence;
      this.example = example;
    }

    /** The key as a file has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The value that a file gives it, for people. */
    public String shape() {
      return shape;
    }

    public String sentence() {
      return sentence;
    }

    public String example() {
      return example;
    }

    static ImmutableList<String> words() {
      return Stream.of(values()).map(Key::word).collect(toImmutableList());
    }
  }

  /** A value that decides about the machine, as the file has it. */
  public record Setting(SourceLocation place, String value) {}

  /** A fault, and where the file has it. */
  public record PlannedFault(SourceLocation place, Injection injection) {}

  /** The faults alone. */
  public ImmutableList<Injection> injections() {
    return faults.stream().map(PlannedFault::injection).collect(toImmutableList());
  }

  /** The user that a process runs as. */
  public enum User {
    /** The one with all capabilities. */
    ROOT,
    /** One without any. */
    ORDINARY
  }

  /**
   * A process and what it does.
   *
   * @param user whose it is; nothing for a driver, and for a child of a fork, which is its parent's
   */
  public record ProcessScript(
      SourceLocation place, String name, Side side, User user, ImmutableList<Step> steps) {
    static ProcessScript ofChild(SourceLocation place, String name, ImmutableList<Step> steps) {
      return new ProcessScript(place, name, Side.USER, User.ORDINARY, steps);
    }
  }

  /** All processes, also those that others fork, each after its parent. */
  public ImmutableList<ProcessScript> everyProcess() {
    ImmutableList.Builder<ProcessScript> every = ImmutableList.builder();
    processes.forEach(script -> addWithChildren(script, every));
    return every.build();
  }

  /** The texts that it expects in the kernel's log. */
  public ImmutableList<String> expectedLog() {
    return Stream.concat(
            everyProcess().stream().flatMap(script -> script.steps().stream()), after.stream())
        .flatMap(step -> Stream.ofNullable(ExpectStep.of(step)))
        .flatMap(expected -> expected.form().logged(expected.args()).stream())
        .collect(toImmutableList());
  }

  private static void addWithChildren(
      ProcessScript script, ImmutableList.Builder<ProcessScript> every) {
    every.add(script);
    for (Step step : script.steps()) {
      step.children().forEach(child -> addWithChildren(child, every));
    }
  }

  /** The same on each of its boards, one after another. */
  public ImmutableList<Scenario> onEachBoard() {
    ImmutableList.Builder<Scenario> each = ImmutableList.builder();
    each.add(on(board));
    furtherBoards.forEach(further -> each.add(on(further)));
    return each.build();
  }

  /** The same on one board alone. */
  public Scenario on(Setting one) {
    return new Scenario(
        name,
        file,
        text,
        about,
        story,
        lesson,
        one,
        ImmutableList.of(),
        settings,
        faults,
        processes,
        after);
  }

  /** The board's name, or its path as seen from where the program runs. */
  public String boardFile() {
    String given = board.value();
    boolean isPath = given.endsWith(".dts") || given.endsWith(".dtb");
    return isPath ? Path.of(file).resolveSibling(given).toString() : given;
  }

  /** The same run for somebody who knows the answer: nothing is asked. */
  public Scenario withoutLesson() {
    return new Scenario(
        name,
        file,
        text,
        about,
        story,
        null,
        board,
        furtherBoards,
        settings,
        faults,
        processes,
        after);
  }

  /** The layers of the stack, from the bus up, in the order in which lessons climb them. */
  public enum Layer {
    BUS("Bus enumeration"),
    IOMMU_CORE("The IOMMU core"),
    ARM_SMMU("arm-smmu"),
    DMA_MAPPING("DMA mapping"),
    DRM("DRM drivers"),
    BOTH_DRIVERS("Both drivers side by side"),
    BIND_TASK("bind_task, end to end");

    private final String title;

    Layer(String title) {
      this.title = title;
    }

    /** The heading of its lessons. */
    public String title() {
      return title;
    }
  }

  /**
   * The part of a scenario that teaches.
   *
   * @param number its place among those of its layer: a smaller number comes before
   * @param retells the files of Linux whose story it tells
   * @param picture drawn in characters; may be empty
   * @param shownBy the scenario whose run shows the answer; null if its own does
   */
  public record Lesson(
      int number,
      Layer layer,
      ImmutableList<String> retells,
      String picture,
      String question,
      String answer,
      @Nullable String shownBy) {}
}
