package org.smmulator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.page.RunPage;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;

/** The file that a run is shown in, as a page for a browser; or none. */
final class PageFile {
  private final @Nullable Path path;
  private final @Nullable RunPage page;

  private PageFile(@Nullable Path path, @Nullable RunPage page) {
    this.path = path;
    this.page = page;
  }

  /** No page. */
  static PageFile none() {
    return new PageFile(null, null);
  }

  /**
   * Opens the file.
   *
   * @throws BadInputException if it cannot be written
   */
  static PageFile open(Path path) throws BadInputException {
    try {
      Files.writeString(path, "");
      return new PageFile(path, new RunPage());
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
  void write(Scenario scenario) throws BadInputException {
    if (page == null || path == null) {
      return;
    }
    try {
      page.write(
          path, "%s (%s)".formatted(scenario.about(), scenario.board().value()), scenario.text());
    } catch (IOException e) {
      throw cannotBeWritten(path, e);
    }
  }

  private static BadInputException cannotBeWritten(@Nullable Path path, IOException e) {
    return UserFiles.unwritable("the page", path, e);
  }
}
