package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;
import org.smmulator.machine.Machine;
import org.smmulator.machine.isolation.Trespass;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.Scenario.ProcessScript;
import org.smmulator.script.Scenario.User;

/** A scenario that runs on a machine: its processes side by side, until one fails or all end. */
public final class ScenarioRun implements Ref.Lookup {
  private final Scenario scenario;
  private final Machine machine;
  private final RunListener listener;
  private final Results results;

  /** The processes that each barrier is for, and how often each has come. */
  private final Map<String, Map<String, Integer>> barriers = new LinkedHashMap<>();

  // Looked up by name, never iterated.
  private final Map<String, Integer> pids = new HashMap<>();
  private final Map<Integer, ProcessRun> runs = new HashMap<>();
  private final Map<String, Set<Integer>> sent = new HashMap<>();
  private final Map<String, ProcessRun.Ending> endings = new HashMap<>();

  private final List<Phrase<ExpectationType>> stated = new ArrayList<>();
  private final List<Seen> trespasses = new ArrayList<>();

  /** A process that got at another's private memory, and the step that it was at. */
  private record Seen(Trespass trespass, ProcessRun by, Step step, long timeNs) {}

  private int living;
  private int met;
  private @Nullable Failure failure;

  public ScenarioRun(Scenario scenario, Machine machine, RunListener listener) {
    this.scenario = scenario;
    this.machine = machine;
    this.listener = listener;
    this.results = new Results(machine.scheduler());
    machine.isolation().listen(this::trespassed);
    for (ProcessScript script : scenario.everyProcess()) {
      for (Step step : script.steps()) {
        addStated(step);
        String barrier = BarrierStep.of(step);
        if (barrier != null) {
          barriers.computeIfAbsent(barrier, _ -> new LinkedHashMap<>()).put(script.name(), 0);
        }
      }
    }
    scenario.after().forEach(this::addStated);
  }

  private void addStated(Step step) {
    Phrase<ExpectationType> expected = ExpectStep.of(step);
    if (expected != null) {
      stated.add(expected);
    }
  }

  /**
   * Runs all processes to their ends, then looks at what must hold afterwards.
   *
   * @throws org.smmulator.kernel.task.MachineStopped if the machine panics, deadlocks or breaks
   */
  public void run() {
    for (ProcessScript script : scenario.processes()) {
      start(script);
    }
    var _ = machine.run(() -> failure != null || living == 0);
    if (failure == null) {
      machine.settle();
      scenario.after().forEach(this::checkAfter);
      trespasses.forEach(this::judge);
    }
  }

  private void trespassed(Trespass trespass) {
    ProcessRun by = runs.get(trespass.by().pid());
    Step step = by == null ? null : by.reached();
    if (by != null && step != null) {
      trespasses.add(new Seen(trespass, by, step, machine.scheduler().nowNs()));
    }
  }

  /** A trespass that no expectation names fails the run. */
  private void judge(Seen seen) {
    Trespass trespass = seen.trespass();
    if (stated.stream().noneMatch(each -> each.form().knowsOf(trespass, each.args(), this))) {
      String expected = "nobody else to get at the memory of " + trespass.of();
      fail(
          new Failure(seen.step(), seen.by().name(), expected, trespass.toString(), seen.timeNs()));
    }
  }

  @Override
  public boolean isProcess(Task task, String name) {
    return pids.getOrDefault(name, 0) == task.pid();
  }

  private void start(ProcessScript script) {
    ProcessRun process = new ProcessRun(this, results, script);
    starting();
    switch (script.side()) {
      case USER -> startProgram(script, process);
      case KERNEL -> startDriver(script, process);
    }
  }

  private void startDriver(ProcessScript script, ProcessRun driver) {
    var _ =
        machine
            .scheduler()
            .spawnKernel(
                script.name(),
                () -> {
                  driver.doSteps();
                  ended(driver, 0);
                });
  }

  private void startProgram(ProcessScript script, ProcessRun process) {
    try {
      var _ =
          process.begin(
              machine.spawn(
                  script.name(),
                  script.user() == User.ROOT,
                  _ -> process.doSteps(),
                  signal -> ended(process, signal)));
    } catch (ErrnoException e) {
      throw new IllegalStateException("no memory for the first processes of a machine", e);
    }
  }

  private void checkAfter(Step step) {
    Phrase<ExpectationType> expected = ExpectStep.of(step);
    if (failure != null) {
      return;
    }
    checkState(expected != null, "%s cannot stand there", step);
    try {
      ((MachineExpectation) expected.form()).check(expected.args(), machine, this);
      met();
    } catch (FailedExpectation e) {
      fail(step, "after all", e);
    }
  }

  @Override
  public <T> T find(Ref<T> ref) throws FailedExpectation {
    T found = results.foreign(ref);
    if (found == null) {
      throw new FailedExpectation(ref + " to exist", "nothing made it");
    }
    return found;
  }

  // ---- what came of it

  /** The first step that did not end as it should; null if there was none. */
  public @Nullable Failure failure() {
    return failure;
  }

  /** The number of expectations that the scenario states. */
  public int expectations() {
    long ofProcesses =
        scenario.everyProcess().stream()
            .flatMap(script -> script.steps().stream())
            .filter(Step::expectsSomethingItself)
            .count();
    return (int) ofProcesses + scenario.after().size();
  }

  /** The number of expectations that were met. */
  public int expectationsMet() {
    return met;
  }

  /** The number of expectations that nobody came to. */
  public int expectationsNotReached() {
    boolean oneFailed = failure != null && failure.step().expectsSomethingItself();
    return Math.max(0, expectations() - met - (oneFailed ? 1 : 0));
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

  void starting() {
    living++;
  }

  void notStarted() {
    living--;
  }

  void begun(ProcessRun process, int pid) {
    pids.put(process.name(), pid);
    runs.put(pid, process);
    results.touch();
  }

  boolean hasBegun(String process) {
    return pids.containsKey(process);
  }

  void ended(ProcessRun process, int signal) {
    living--;
    endings.put(process.name(), new ProcessRun.Ending(signal, process.status()));
    process.judgeEnd(signal, sent.getOrDefault(process.name(), Set.of()).contains(signal));
    endWithChildren(process.name(), process.steps());
  }

  /** A process has ended, and children that it has not started never will. */
  private void endWithChildren(String process, ImmutableList<Step> steps) {
    results.end(process);
    for (Step step : steps) {
      for (ProcessScript child : step.children()) {
        if (!hasBegun(child.name())) {
          endWithChildren(child.name(), child.steps());
        }
      }
    }
  }

  /** The end of a process; null while it lives, and if it was never started. */
  ProcessRun.@Nullable Ending endOf(String process) {
    return endings.get(process);
  }

  int pidOf(String process) {
    Integer pid = pids.get(process);
    checkState(pid != null, "no process %s", process);
    return pid;
  }

  void sent(String process, int signal) {
    sent.computeIfAbsent(process, _ -> new HashSet<>()).add(signal);
  }

  /** Notes that a process has come to a barrier; returns whether all others have come as often. */
  BooleanSupplier arrive(String barrier, String process) {
    Map<String, Integer> arrivals = requireNonNull(barriers.get(barrier));
    int times = arrivals.merge(process, 1, Integer::sum);
    Set<String> others = new LinkedHashSet<>(arrivals.keySet());
    return () ->
        others.stream()
            .allMatch(each -> results.hasEnded(each) || arrivals.getOrDefault(each, 0) >= times);
  }

  void fail(Step step, String process, FailedExpectation why) {
    long now = machine.scheduler().nowNs();
    fail(new Failure(step, process, why.expected(), why.actual(), now));
  }

  private void fail(Failure why) {
    if (failure == null) {
      failure = why;
    }
  }
}
