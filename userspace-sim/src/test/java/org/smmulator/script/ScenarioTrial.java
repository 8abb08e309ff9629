package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;

/** A scenario run on a board of its own, and what came of it. */
final class ScenarioTrial implements RunListener {
  private final List<String> lines = new ArrayList<>();
  private final ScenarioRun run;

  private ScenarioTrial(Scenario scenario, Machine machine) {
    run = new ScenarioRun(scenario, machine, this);
  }

  /** Runs processes, in the form {@code painter: [...]}, and looks at the log afterwards. */
  static ScenarioTrial of(String processes) throws Exception {
    return run("processes:\n" + processes.indent(2), "db845c");
  }

  /** Runs drivers on {@code virt}, in the same form. */
  static ScenarioTrial ofDrivers(String drivers) throws Exception {
    return run("kernel:\n" + drivers.indent(2), "virt");
  }

  /** Runs sections of a scenario on {@code board}. */
  static ScenarioTrial run(String sections, String board, String... settings) throws Exception {
    Scenario scenario =
        ScenarioParser.parse(Language.installed(), "trial.yaml", "about: A trial\n" + sections);
    KernelConfig config = KernelConfig.defaults();
    for (String setting : settings) {
      config = config.with(setting);
    }
    try (Machine machine =
        Machine.on(new Boards().load(board))
            .config(config)
            .inject(scenario.injections())
            .watched()
            .traced()
            .boot()) {
      ScenarioTrial trial = new ScenarioTrial(scenario, machine);
      trial.run.run();
      if (trial.run.failure() == null) {
        machine.shutDown();
      }
      assertThat(machine.leakedPages()).isEmpty();
      return trial;
    }
  }

  void assertOk(int expectationsMet) {
    assertThat(run.failure()).isNull();
    assertThat(run.expectationsMet()).isEqualTo(expectationsMet);
  }

  void assertFailed(String expected, String actual) {
    Failure failure = requireNonNull(run.failure());
    assertThat(failure.expected()).contains(expected);
    assertThat(failure.actual()).contains(actual);
  }

  /** The steps that were done, in order: {@code painter opens /dev/dri/renderD128}. */
  List<String> lines() {
    return lines;
  }

  @Override
  public void stepDone(String process, int pid, Step step, @Nullable Object result) {
    lines.add(process + " " + step.words());
  }

  @Override
  public void processDied(String process, int pid, String signal, @Nullable Step reached) {
    lines.add(process + " dies of " + signal);
  }

  @Override
  public void processEnding(String process, int pid) {
    lines.add(process + " ends");
  }
}
