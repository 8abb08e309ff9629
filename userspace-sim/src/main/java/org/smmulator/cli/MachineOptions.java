package org.smmulator.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every subcommand that boots one machine. */
final class MachineOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write all trace events there, as ftrace's text; for Perfetto if it is named"
              + " *.perfetto-trace.")
  private @Nullable Path trace;

  @Option(names = "--dmesg", description = "Print the kernel's log too.")
  private boolean dmesg;

  /** The options of a run that prints neither trace nor log. */
  static MachineOptions quiet(ConfigOptions config) {
    MachineOptions options = new MachineOptions();
    options.config = config;
    return options;
  }

  boolean wantsTrace() {
    return trace != null;
  }

  boolean wantsDmesg() {
    return dmesg;
  }

  /** Returns {@code base} with the switches that the options set. */
  KernelConfig over(KernelConfig base) throws BadInputException {
    return config.over(base);
  }

  /**
   * Opens the file for the trace that the options name, if they name one.
   *
   * @throws BadInputException if it cannot be written
   */
  TraceFile openTrace() throws BadInputException {
    return new TraceFile(trace);
  }
}
