package org.smmulator.script;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each step, expectation and fault is done with success somewhere: by a scenario that comes with
 * the program, or by a test of this room, in a line of a scenario that names no error.
 */
class EveryStepTest {
  private static final Path TESTS = Path.of("src", "test", "java", "org", "smmulator", "script");

  /** The head of a step or a fault in a list, as scenarios in tests have it. */
  private static final Pattern IN_A_LIST = Pattern.compile("(?:- |\\[|, \\{|\\{|^)([a-z0-9_]+):");

  /** The display controllers of Exynos have no cursor, no gamma and no need to be told of dirt. */
  private static final ImmutableSet<String> NO_BOARD_HAS =
      ImmutableSet.of("cursor", "cursor2", "setgamma", "dirtyfb");

  @Test
  void eachStepIsDoneSomewhere() throws Exception {
    Set<String> done = done();
    done.addAll(NO_BOARD_HAS);

    List<String> missing =
        Language.installed().rooms().stream()
            .flatMap(room ->
                Stream.of(room.steps(), room.expectations(), room.faults()).flatMap(List::stream))
            .map(Form::keyword)
            .filter(keyword -> !done.contains(keyword))
            .toList();
    assertWithMessage("what nothing does with success").that(missing).isEmpty();
  }

  @Test
  void whatNoBoardHasIsDoneByNothing() throws Exception {
    assertThat(NO_BOARD_HAS.stream().filter(done()::contains).collect(toImmutableSet())).isEmpty();
  }

  /**
   * The steps and the fluent API of stories are one library: who else made calls would be another.
   */
  @Test
  void onlyTheRawIoctlIsNoCallOfTheLibrary() throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/smmulator/script"))) {
      assertThat(
              files
                  .filter(
                      file -> file.toString().endsWith(".java") && text(file).contains(".ioctl("))
                  .map(file -> file.getFileName().toString()))
          .containsExactly("IoctlStep.java");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> done() throws IOException, ScenarioException {
    Set<String> done = new LinkedHashSet<>();
    Scenarios shipped = new Scenarios();
    for (String name : shipped.names()) {
      Files.readString(Path.of("src/main/resources").resolve(fileOf(name)))
          .lines()
          .forEach(line -> add(line, done));
    }
    try (Stream<Path> files = Files.list(TESTS)) {
      for (Path file : files.sorted().toList()) {
        if (!file.endsWith("StepErrorsTest.java") && !file.endsWith("EveryStepTest.java")) {
          Files.readString(file).lines().forEach(line -> add(line, done));
        }
      }
    }
    return done;
  }

  private static String fileOf(String scenario) {
    return "org/smmulator/script/scenarios/" + scenario + ".yaml";
  }

  private static void add(String line, Set<String> done) {
    String step = CharMatcher.whitespace().trimLeadingFrom(line);
    if (step.contains("errno:")) {
      return;
    }
    Matcher found = IN_A_LIST.matcher(step);
    while (found.find()) {
      done.add(found.group(1));
    }
  }
}
