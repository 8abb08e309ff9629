package org.smmulator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.trace.FtraceText;

/** The file that a run's trace goes to: opened before the machine boots, written after the run. */
final class TraceFile implements AutoCloseable {
  private final @Nullable Path path;
  private final Writer out;

  /**
   * Opens it.
   *
   * @param path null if nobody wants the trace
   * @throws BadInputException if it cannot be written
   */
  TraceFile(@Nullable Path path) throws BadInputException {
    this.path = path;
    try {
      out = path == null ? Writer.nullWriter() : Files.newBufferedWriter(path, UTF_8);
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  /**
   * Writes all that {@code machine} has traced.
   *
   * @throws BadInputException if there is no room for it
   */
  void write(Machine machine) throws BadInputException {
    if (path == null) {
      return;
    }
    try {
      FtraceText.write(machine.tracer(), machine.cpuCount(), out);
      out.flush();
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  @Override
  public void close() throws BadInputException {
    try {
      out.close();
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  private BadInputException cannotBeWritten(IOException e) {
    return new BadInputException(
        "the trace cannot be written to '%s': %s".formatted(path, UserFiles.reason(e)),
        "give a path that can be written");
  }
}
