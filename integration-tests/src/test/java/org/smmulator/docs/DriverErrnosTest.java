package org.smmulator.docs;

import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.smmulator.report.explain.DriverErrno;
import org.smmulator.report.msm.MsmWords;

/** The table that 'explain errno' reads has the errors that the handlers' own source throws. */
class DriverErrnosTest {
  private static final Path MSM =
      Path.of("..", "drm-msm", "src", "main", "java", "org", "smmulator", "drm", "msm");
  private static final Pattern THROW = Pattern.compile("throw (E[A-Z0-9]+)\\.because");

  @Test
  void everyErrorOfAHandlerStandsInTheTableAndNoOther() throws Exception {
    Set<String> handlers = new TreeSet<>();
    Set<String> told = new TreeSet<>();
    for (DriverErrno each : new MsmWords().errnos()) {
      handlers.add(each.handler());
      told.add(each.handler() + " " + each.errno());
    }
    Set<String> thrown = new TreeSet<>();
    for (String handler : handlers) {
      THROW
          .matcher(Files.readString(MSM.resolve(handler + ".java")))
          .results()
          .forEach(found -> thrown.add(handler + " " + found.group(1)));
    }

    assertWithMessage("errors by handler").that(told).isEqualTo(thrown);
  }
}
