package org.smmulator.scenario;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.smmulator.cli.Main;

/**
 * One call of the command line, in this JVM.
 *
 * @param exitCode one of {@link org.smmulator.cli.ExitCode}
 */
public record CommandRun(int exitCode, String out, String err) {
  public static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintWriter outWriter = new PrintWriter(out);
    PrintWriter errWriter = new PrintWriter(err);
    int code = Main.run(outWriter, errWriter, args);
    outWriter.flush();
    errWriter.flush();
    return new CommandRun(code, out.toString(), err.toString());
  }

  public ImmutableList<String> lines() {
    return out.lines().collect(ImmutableList.toImmutableList());
  }
}
