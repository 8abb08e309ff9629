package org.smmulator.docs;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.report.explain.DriverErrno;
import org.smmulator.report.explain.DriverWords;
import org.smmulator.report.exynos.ExynosWords;
import org.smmulator.report.msm.MsmWords;

/** The table that 'explain errno' reads has the errors that the handlers' own source gives. */
class DriverErrnosTest {
  /** A handler throws an error, or ends a job with one, which the job's waiter then throws. */
  private static final Pattern GIVEN =
      Pattern.compile("(?:throw |[.]fail[(]|(?:end|done)[(]task, )(E[A-Z0-9]+)\\b");

  static Stream<DriverWords> drivers() {
    return Stream.of(new MsmWords(), new ExynosWords());
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void everyErrorOfAHandlerStandsInTheTableAndNoOther(DriverWords driver) throws Exception {
    ImmutableMap<String, Path> sources = sourcesOf(driver.driver());
    Set<String> handlers = new TreeSet<>();
    Set<String> told = new TreeSet<>();
    for (DriverErrno each : driver.errnos()) {
      handlers.add(each.handler());
      told.add(each.handler() + " " + each.errno());
    }
    Set<String> given = new TreeSet<>();
    for (String handler : handlers) {
      GIVEN
          .matcher(Files.readString(sources.get(handler)))
          .results()
          .forEach(found -> given.add(handler + " " + found.group(1)));
    }

    assertWithMessage("errors by handler").that(told).isEqualTo(given);
    assertWithMessage("handlers").that(handlers).isNotEmpty();
  }

  private static ImmutableMap<String, Path> sourcesOf(String driver) throws Exception {
    Path root = Path.of("..", "drm-" + driver, "src/main/java/org/smmulator/drm", driver);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .collect(
              toImmutableMap(
                  file -> file.getFileName().toString().replace(".java", ""), file -> file));
    }
  }
}
