package org.smmulator.junit;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.smmulator.junit.SchedulesExtension.SeededRun;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.Scenario;

/** One run of one test: the switches for its machines, its folder, and how it is run again. */
record TestRun(ExtensionContext context) {
  /** The parameter of JUnit's, or the system property, with the seed for all tests. */
  static final String SEED = "smmulator.seed";

  private static final Pattern INVOCATION = Pattern.compile("#(\\d+)\\]$");

  /** The annotation of the test's method, or else of its class. */
  <A extends Annotation> @Nullable A annotation(Class<A> type) {
    A ofMethod = context.getRequiredTestMethod().getAnnotation(type);
    return ofMethod == null ? context.getRequiredTestClass().getAnnotation(type) : ofMethod;
  }

  /**
   * The switches that the test's annotations set; those of {@code board} are the last.
   *
   * @throws BadInputException for a switch or value that there is not
   */
  KernelConfig config(Board board) throws BadInputException {
    return with(switches(KernelConfig.defaults()), board.set());
  }

  /**
   * {@code base} with the switches that the test's annotations set.
   *
   * @throws BadInputException for a switch or value that there is not
   */
  KernelConfig switches(KernelConfig base) throws BadInputException {
    KernelConfig config = base;
    Optional<String> seed = seed();
    if (seed.isPresent()) {
      config = config.with("seed", seed.get());
    }
    SeededRun scheduled = SchedulesExtension.runOf(context);
    if (scheduled != null) {
      config = config.with("schedule", scheduled.schedule()).with("seed", "" + scheduled.seed());
    }
    return with(config, set());
  }

  /** The seed that whoever runs the tests has asked for, or else that of the annotation. */
  private Optional<String> seed() {
    return seedAskedFor(context)
        .or(() ->
            Optional.ofNullable(annotation(Seed.class)).map(seed -> Long.toString(seed.value())));
  }

  private String[] set() {
    Set set = annotation(Set.class);
    return set == null ? new String[0] : set.value();
  }

  /** The seed that whoever runs the tests has asked for. */
  static Optional<String> seedAskedFor(ExtensionContext context) {
    return context.getConfigurationParameter(SEED);
  }

  private static KernelConfig with(KernelConfig base, String[] switches) throws BadInputException {
    KernelConfig config = base;
    for (String each : switches) {
      config = config.with(each);
    }
    return config;
  }

  /** {@code CLASS.METHOD}. */
  String name() {
    return context.getRequiredTestClass().getSimpleName()
        + "."
        + context.getRequiredTestMethod().getName();
  }

  /** {@code target/smmulator/CLASS.METHOD}, and what tells this run from others of the method. */
  Path folder() {
    String name = name();
    SeededRun scheduled = SchedulesExtension.runOf(context);
    Matcher invocation = INVOCATION.matcher(context.getUniqueId());
    if (scheduled != null) {
      name += ".seed-" + scheduled.seed();
    } else if (invocation.find()) {
      name += "." + invocation.group(1);
    }
    return Path.of("target", "smmulator", name);
  }

  /** The file in {@code folder} for a machine's trace; null if no {@link Trace} asks for one. */
  @Nullable Path trace(Path folder) {
    return annotation(Trace.class) == null ? null : folder.resolve("trace.perfetto-trace");
  }

  /** The command that runs {@code scenario} as this test does, on the one board that it has now. */
  String command(Scenario scenario) {
    StringBuilder command =
        new StringBuilder(
            "smmulator run %s --board %s".formatted(scenario.name(), scenario.boardFile()));
    seed().ifPresent(each -> command.append(" --seed ").append(each));
    for (String each : set()) {
      command.append(" --set ").append(each);
    }
    return command.toString();
  }

  /** The command that runs this test again, with the seed that it had. */
  String command() {
    String test =
        context.getRequiredTestClass().getName() + "#" + context.getRequiredTestMethod().getName();
    SeededRun scheduled = SchedulesExtension.runOf(context);
    String seed =
        scheduled == null ? seedAskedFor(context).orElse("") : Integer.toString(scheduled.seed());
    return "mvn test -Dtest='%s'".formatted(test)
        + (seed.isEmpty() ? "" : " -D%s=%s".formatted(SEED, seed));
  }
}
