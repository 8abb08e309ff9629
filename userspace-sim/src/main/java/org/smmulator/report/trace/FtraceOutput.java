package org.smmulator.report.trace;

import java.io.IOException;
import java.nio.file.Path;
import org.smmulator.machine.Machine;
import org.smmulator.trace.FtraceStream;

/** The kernel's tracepoints, in ftrace's text. */
public final class FtraceOutput implements TraceOutput {
  private final FtraceStream stream;
  private boolean open = true;

  /**
   * Opens the file.
   *
   * @throws IOException if it cannot be written
   */
  public FtraceOutput(Path path) throws IOException {
    stream = new FtraceStream(path);
  }

  @Override
  public void begin(Machine machine) throws IOException {
    stream.begin(machine.cpuCount());
    machine
        .tracer()
        .listen(made -> {
          if (open) {
            stream.accept(made);
          }
        });
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      stream.close();
    }
  }
}
