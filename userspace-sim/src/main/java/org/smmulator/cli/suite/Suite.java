package org.smmulator.cli.suite;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.smmulator.cli.suite.SuiteTest.Subject;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Scenarios;
import org.smmulator.story.StoryFile;

/** Collects the tests behind the words of a command line. */
public final class Suite {
  private static final String SUFFIX = ".yaml";

  private final Scenarios scenarios = new Scenarios();
  private final ImmutableList.Builder<SuiteTest> tests = ImmutableList.builder();
  private final Set<String> taken = new HashSet<>();

  private Suite() {}

  /**
   * Returns the tests of {@code targets}, in their order; those of a folder sorted by name.
   *
   * @param targets folders, which are searched for {@code .yaml} files and stories in {@code
   *     .java}, files, and names of scenarios that come with the program
   * @throws BadInputException if there is no such thing, or a folder has no test
   */
  public static ImmutableList<SuiteTest> of(List<String> targets) throws BadInputException {
    Suite suite = new Suite();
    for (String target : targets) {
      Path path = UserFiles.path(target);
      if (Files.isDirectory(path)) {
        suite.addFolder(path);
      } else {
        suite.add(nameOf(path.getFileName()), target);
      }
    }
    return suite.tests.build();
  }

  private void addFolder(Path folder) throws BadInputException {
    ImmutableSortedSet<Path> files = filesIn(folder);
    if (files.isEmpty()) {
      throw new BadInputException(
          "there is no scenario in '%s'".formatted(folder),
          "scenarios are files that end in .yaml, or stories that end in .java");
    }
    for (Path file : files) {
      String name = nameOf(folder.relativize(file));
      add(taken.contains(name) ? nameOf(file) : name, file.toString());
    }
  }

  private static ImmutableSortedSet<Path> filesIn(Path folder) throws BadInputException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> !Files.isDirectory(file) && isTest(file))
          .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
    } catch (IOException e) {
      throw unreadable(folder, e);
    } catch (UncheckedIOException e) {
      throw unreadable(folder, requireNonNull(e.getCause()));
    }
  }

  private static boolean isTest(Path file) {
    String name = file.toString();
    return name.endsWith(SUFFIX) || (StoryFile.isNamed(name) && isStory(file));
  }

  /** Java that cannot be read is left to the test, which says so. */
  private static boolean isStory(Path file) {
    try {
      return StoryFile.isStory(UserFiles.read(file, "a scenario"));
    } catch (BadInputException e) {
      return true;
    }
  }

  private static BadInputException unreadable(Path folder, IOException e) {
    return new BadInputException(
        "'%s' cannot be searched: %s".formatted(folder, UserFiles.reason(e)),
        "name a folder that can be read");
  }

  private static String nameOf(Path file) {
    String name = file.toString();
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  private void add(String name, String nameOrFile) throws BadInputException {
    taken.add(name);
    if (StoryFile.isNamed(nameOrFile)) {
      tests.add(new SuiteTest(name, story(nameOrFile)));
      return;
    }
    try {
      Scenario scenario = scenarios.load(nameOrFile);
      ImmutableList<Scenario> each = scenario.onEachBoard();
      for (Scenario one : each) {
        String suffix = each.size() == 1 ? "" : "@" + one.board().value();
        tests.add(new SuiteTest(name + suffix, new Subject.OfScenario(one)));
      }
    } catch (ScenarioException e) {
      tests.add(new SuiteTest(name, new Subject.Unusable(e.report())));
    }
  }

  private static Subject story(String file) {
    try {
      return new Subject.OfStory(StoryFile.load(file));
    } catch (BadInputException e) {
      return new Subject.Unusable(String.valueOf(e.getMessage()));
    }
  }
}
