package org.smmulator.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.trace.FtraceOutput;
import org.smmulator.report.trace.PerfettoOutput;
import org.smmulator.report.trace.TraceOutput;

/** The file that a run is traced to while it runs; its name says in which format. */
final class TraceFile implements AutoCloseable {
  private static final String PERFETTO = ".perfetto-trace";

  private static final TraceOutput NOWHERE =
      new TraceOutput() {
        @Override
        public void begin(Machine machine) {}

        @Override
        public void close() {}
      };

  private final @Nullable Path path;
  private final TraceOutput output;
  private @Nullable IOException failure;

  /**
   * Opens it.
   *
   * @param path null if nobody wants the trace
   * @throws BadInputException if it cannot be written
   */
  TraceFile(@Nullable Path path) throws BadInputException {
    this.path = path;
    try {
      output = open(path);
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  private static TraceOutput open(@Nullable Path path) throws IOException {
    if (path == null) {
      return NOWHERE;
    }
    return path.toString().endsWith(PERFETTO) ? new PerfettoOutput(path) : new FtraceOutput(path);
  }

  /** Has the machine that {@code builder} boots traced, from its first event on. */
  MachineBuilder into(MachineBuilder builder) {
    return into(builder, Interposer.none());
  }

  /** The same of a machine that {@code probe} is in, too. */
  MachineBuilder into(MachineBuilder builder, Interposer probe) {
    return builder
        .interpose(Interposer.all(List.of(probe, output.wires())))
        .traced()
        .observe(this::begin);
  }

  private void begin(Machine machine) {
    try {
      output.begin(machine);
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Ends the trace.
   *
   * @throws BadInputException if it cannot be written
   */
  @Override
  public void close() throws BadInputException {
    try {
      output.close();
    } catch (IOException e) {
      failure = e;
    }
    if (failure != null) {
      throw cannotBeWritten(failure);
    }
  }

  private BadInputException cannotBeWritten(IOException e) {
    return UserFiles.unwritable("the trace", path, e);
  }
}
