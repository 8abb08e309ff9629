package org.smmulator.report.explain;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.smmulator.kernel.errno.Errno;

/**
 * A reason why a driver's call fails.
 *
 * @param call the ioctl, as the step of scenarios is called
 * @param handler the simple name of the class that decides
 */
public record DriverErrno(String call, String handler, Errno errno, String when) {
  /**
   * Reads a table of tab-separated lines, in the order in which a call checks.
   *
   * @param room a class beside the table
   */
  public static ImmutableList<DriverErrno> table(Class<?> room, String file) {
    try {
      return Resources.readLines(Resources.getResource(room, file), UTF_8).stream()
          .map(DriverErrno::parse)
          .collect(toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DriverErrno parse(String line) {
    List<String> cells = Splitter.on('\t').splitToList(line);
    return new DriverErrno(cells.get(0), cells.get(1), Errno.valueOf(cells.get(2)), cells.get(3));
  }
}
