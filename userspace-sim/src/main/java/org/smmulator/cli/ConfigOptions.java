package org.smmulator.cli;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import picocli.CommandLine.Option;

/** The options that decide how a machine is made. */
final class ConfigOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a switch of the machine; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice.")
  private @Nullable String seed;

  @Option(
      names = "--schedule",
      paramLabel = "HOW",
      description = "Who runs next: first-come, random or pct.")
  private @Nullable String schedule;

  /** Returns {@code base} with the switches that the options set. */
  KernelConfig over(KernelConfig base) throws BadInputException {
    KernelConfig config = base;
    for (String setting : settings) {
      config = config.with(setting);
    }
    config = seed == null ? config : config.with("seed", seed);
    return schedule == null ? config : config.with("schedule", schedule);
  }

  /** The same with a seed, and a schedule that depends on it unless the options name one. */
  ConfigOptions seeded(long otherSeed) {
    ConfigOptions other = new ConfigOptions();
    other.settings = ImmutableList.copyOf(settings);
    other.seed = Long.toString(otherSeed);
    other.schedule = schedule == null ? "random" : schedule;
    return other;
  }
}
