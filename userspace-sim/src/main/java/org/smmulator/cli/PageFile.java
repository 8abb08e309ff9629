package org.smmulator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.page.RunPage;
import org.smmulator.report.page.SidesPage;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenario.Lesson;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Step;

/** The file that a run is shown in, as a page for a browser; or none. */
final class PageFile {
  private final @Nullable Path path;
  private final @Nullable RunPage page;
  private final @Nullable Scenario asked;

  private PageFile(@Nullable Path path, @Nullable RunPage page, @Nullable Scenario asked) {
    this.path = path;
    this.page = page;
    this.asked = asked;
  }

  /** No page. */
  static PageFile none() {
    return new PageFile(null, null, null);
  }

  /**
   * Opens the file.
   *
   * @param asked the lesson that the run answers, whose own run is shown beside it; null if none
   * @throws BadInputException if it cannot be written
   */
  static PageFile open(Path path, @Nullable Scenario asked) throws BadInputException {
    claim(path);
    return new PageFile(path, new RunPage(), asked);
  }

  /**
   * Empties the file of a page that is written later.
   *
   * @throws BadInputException if it cannot be written
   */
  static void claim(Path path) throws BadInputException {
    try {
      Files.writeString(path, "");
    } catch (IOException e) {
      throw cannotBeWritten(path, e);
    }
  }

  /**
   * Writes a page of several runs.
   *
   * @throws BadInputException if it cannot be written
   */
  static void write(Path path, SidesPage page) throws BadInputException {
    try {
      page.write(path);
    } catch (IOException e) {
      throw cannotBeWritten(path, e);
    }
  }

  Interposer wires() {
    return page == null ? Interposer.none() : page.wires();
  }

  void begin(Machine machine) {
    if (page != null) {
      page.begin(machine);
    }
  }

  RunListener over(RunListener listener) {
    return page == null ? listener : page.over(listener);
  }

  /**
   * Writes the page of the run of {@code scenario}.
   *
   * @throws BadInputException if it cannot be written
   */
  void write(Scenario scenario) throws BadInputException, ScenarioException {
    if (page == null || path == null) {
      return;
    }
    if (asked != null) {
      Lesson lesson = asked.lesson();
      if (lesson != null && lesson.shownBy() != null) {
        write(path, besideTheQuestion(page, scenario, asked, lesson));
        return;
      }
    }
    try {
      page.write(
          path, "%s (%s)".formatted(scenario.about(), scenario.board().value()), scenario.text());
    } catch (IOException e) {
      throw cannotBeWritten(path, e);
    }
  }

  private static SidesPage besideTheQuestion(
      RunPage page, Scenario answer, Scenario asked, Lesson lesson)
      throws BadInputException, ScenarioException {
    return new SidesPage(
        asked.about(),
        List.of(
            new SidesPage.Section("Question", lesson.question()),
            new SidesPage.Section("Answer", lesson.answer())),
        List.of(
            side("The lesson", asked, recorded(asked)),
            side("The run that shows the answer", answer, page)),
        List.of());
  }

  private static SidesPage.Side side(String name, Scenario scenario, RunPage page) {
    SidesPage.Fact board = new SidesPage.Fact("board", scenario.board().value());
    return new SidesPage.Side(
        name,
        List.of(new SidesPage.Fact("about", scenario.about())),
        List.of(new SidesPage.Run(scenario.name(), List.of(board), scenario.text(), page)));
  }

  /** Runs {@code scenario} unheard. */
  private static RunPage recorded(Scenario scenario) throws BadInputException, ScenarioException {
    RunPage page = new RunPage();
    RunListener unheard =
        new RunListener() {
          @Override
          public void stepDone(String process, int pid, Step step, @Nullable Object result) {}

          @Override
          public void processEnding(String process, int pid) {}
        };
    try (Machine machine =
        ScenarioBoard.of(scenario)
            .machine()
            .interpose(page.wires())
            .traced()
            .observe(page::begin)
            .boot()) {
      new ScenarioRun(scenario, machine, page.over(unheard)).run();
      page.end();
    }
    return page;
  }

  private static BadInputException cannotBeWritten(@Nullable Path path, IOException e) {
    return UserFiles.unwritable("the page", path, e);
  }
}
