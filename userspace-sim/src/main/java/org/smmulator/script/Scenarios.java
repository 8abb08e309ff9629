package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.BundledFiles;
import org.smmulator.machine.input.Nearest;
import org.smmulator.machine.input.UserFiles;

/** The scenarios that come with the program, and those in users' own files. */
public final class Scenarios {
  private static final String SUFFIX = ".yaml";

  private final BundledFiles bundled = new BundledFiles(Scenarios.class, "scenarios", SUFFIX);
  private final Language language = Language.installed();

  /** The names of those that come with the program, sorted. */
  public ImmutableList<String> names() {
    return bundled.names();
  }

  /**
   * Reads a scenario.
   *
   * @param nameOrFile a name, or the path of a file: whatever ends in {@code .yaml} or has a slash
   * @throws BadInputException if there is no such scenario
   * @throws ScenarioException if it cannot be run
   */
  public Scenario load(String nameOrFile) throws BadInputException, ScenarioException {
    if (nameOrFile.endsWith(SUFFIX) || nameOrFile.indexOf('/') >= 0) {
      return ScenarioParser.parse(
          language, nameOrFile, UserFiles.read(UserFiles.path(nameOrFile), "a scenario"));
    }
    if (nameOrFile.endsWith(".java")) {
      throw new BadInputException(
          "'%s' is a story in Java, which only 'run' tells".formatted(nameOrFile),
          "give a .yaml file here");
    }
    String text = bundled.text(nameOrFile);
    if (text == null) {
      throw new BadInputException(
          "there is no scenario '%s'".formatted(nameOrFile),
          Nearest.cure(nameOrFile, names())
              + "; 'smmulator scenarios' lists them; or give the path of a .yaml file");
    }
    return ScenarioParser.parse(language, nameOrFile, nameOrFile + SUFFIX, text);
  }
}
