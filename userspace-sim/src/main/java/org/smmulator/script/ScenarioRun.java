package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/** A scenario that runs on a machine: its processes side by side, until one fails or all end. */
public final class ScenarioRun {
  private final Scenario scenario;
  private final Machine machine;
  private final RunListener listener;
  private final Results results;

  // Looked up by name, never iterated.
  private final Map<String, Integer> pids = new HashMap<>();
  private final Set<String> killedByAStep = new HashSet<>();

  private int living;
  private int met;
  private @Nullable Failure failure;

  public ScenarioRun(Scenario scenario, Machine machine, RunListener listener) {
    this.scenario = scenario;
    this.machine = machine;
    this.listener = listener;
    this.results = new Results(machine.scheduler());
  }

  /**
   * Runs all processes to their ends, then looks at what must hold afterwards.
   *
   * @throws org.smmulator.kernel.task.MachineStopped if the machine panics, deadlocks or breaks
   */
  public void run() {
    for (Scenario.ProcessScript script : scenario.processes()) {
      start(script);
    }
    var _ = machine.run(() -> failure != null || living == 0);
    if (failure == null) {
      machine.settle();
      scenario.after().forEach(this::checkAfter);
    }
  }

  private void start(Scenario.ProcessScript script) {
    living++;
    switch (script.side()) {
      case USER -> startProgram(script);
      case KERNEL -> startDriver(script);
    }
  }

  private void startDriver(Scenario.ProcessScript script) {
    ProcessRun made = new ProcessRun(this, results, script, null);
    var _ =
        machine
            .scheduler()
            .spawnKernel(
                script.name(),
                () -> {
                  made.doSteps();
                  ended(script.name(), made, 0);
                });
  }

  private void startProgram(Scenario.ProcessScript script) {
    try {
      ProcessRun[] made = new ProcessRun[1];
      Consumer<Client> body = _ -> made[0].doSteps();
      IntConsumer ended = signal -> ended(script.name(), made[0], signal);
      Client client =
          script.isRoot()
              ? machine.spawnRoot(script.name(), body, ended)
              : machine.spawn(script.name(), body, ended);
      made[0] = new ProcessRun(this, results, script, client);
      pids.put(script.name(), client.pid());
    } catch (ErrnoException e) {
      throw new IllegalStateException("no memory for the first processes of a machine", e);
    }
  }

  private void ended(String process, ProcessRun run, int signal) {
    living--;
    run.ended(signal, killedByAStep.contains(process));
    results.end(process);
  }

  private void checkAfter(Step step) {
    Phrase<ExpectationType> expected = ExpectStep.of(step);
    if (failure != null) {
      return;
    }
    checkState(expected != null, "%s cannot stand there", step);
    try {
      ((MachineExpectation) expected.form()).check(expected.args(), machine);
      met();
    } catch (FailedExpectation e) {
      fail(step, "after all", e);
    }
  }

  // ---- what came of it

  /** The first step that did not end as it should; null if there was none. */
  public @Nullable Failure failure() {
    return failure;
  }

  /** The number of expectations that the scenario states. */
  public int expectations() {
    return scenario.processes().stream().mapToInt(ProcessRun::expectationsOf).sum()
        + scenario.after().size();
  }

  /** The number of expectations that were met. */
  public int expectationsMet() {
    return met;
  }

  // ---- for its processes

  Machine machine() {
    return machine;
  }

  RunListener listener() {
    return listener;
  }

  boolean failed() {
    return failure != null;
  }

  void met() {
    met++;
  }

  int pidOf(String process) {
    Integer pid = pids.get(process);
    checkState(pid != null, "no process %s", process);
    return pid;
  }

  void killedByAStep(String process) {
    killedByAStep.add(process);
  }

  void fail(Step step, String process, FailedExpectation why) {
    if (failure == null) {
      long now = machine.scheduler().nowNs();
      failure = new Failure(step, process, why.expected(), why.actual(), now);
    }
  }
}
