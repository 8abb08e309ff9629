package org.smmulator.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import picocli.CommandLine.Option;

/** The options of every subcommand that boots a machine. */
final class MachineOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a switch of the machine; may be repeated.")
  private final List<String> settings = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice.")
  private @Nullable String seed;

  @Option(
      names = "--schedule",
      paramLabel = "HOW",
      description = "Who runs next: first-come, random or pct.")
  private @Nullable String schedule;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write all trace events there, as ftrace's text.")
  private @Nullable Path trace;

  @Option(names = "--dmesg", description = "Print the kernel's log too.")
  private boolean dmesg;

  boolean wantsTrace() {
    return trace != null;
  }

  boolean wantsDmesg() {
    return dmesg;
  }

  /** Returns {@code base} with the switches that the options set. */
  KernelConfig over(KernelConfig base) throws BadInputException {
    KernelConfig config = base;
    for (String setting : settings) {
      config = config.with(setting);
    }
    config = seed == null ? config : config.with("seed", seed);
    return schedule == null ? config : config.with("schedule", schedule);
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
