package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.FatalSignal;

/** One process of a scenario: does its steps, one after the other, in its own thread. */
public final class ProcessRun {
  private final ScenarioRun run;
  private final Results results;
  private final Scenario.ProcessScript script;
  private final @Nullable Client client;
  private int current;

  ProcessRun(
      ScenarioRun run, Results results, Scenario.ProcessScript script, @Nullable Client client) {
    this.run = run;
    this.results = results;
    this.script = script;
    this.client = client;
  }

  /** Does all steps, or stops at the first that does not end as it should. */
  void doSteps() {
    for (Step step : script.steps()) {
      if (run.failed() || step.type().endsProcess()) {
        break;
      }
      doStep(step);
      current++;
    }
    run.listener().processEnding(script.name(), pid());
  }

  /**
   * Looks at how the process ended: a signal that no step asked for fails the run, and so do
   * expectations that it did not live to reach.
   *
   * @param signal the number of the signal that it died of; 0 if it ended by itself
   * @param sent whether a step of the scenario sent it
   */
  void ended(int signal, boolean sent) {
    if (signal != 0) {
      run.listener().processDied(script.name(), pid(), FatalSignal.nameOf(signal));
    }
    ImmutableList<Step> left = script.steps().subList(current, script.steps().size());
    FatalSignal wanted = left.isEmpty() ? null : left.getFirst().dies();
    if (wanted != null && signal == wanted.number()) {
      run.met();
      left = left.subList(1, left.size());
    }
    Optional<Step> unreached = left.stream().filter(Step::expectsSomething).findFirst();
    String how = signal == 0 ? "it ended" : "it died of " + FatalSignal.nameOf(signal);
    if (signal != 0 && !sent && wanted == null && !left.isEmpty()) {
      run.fail(left.getFirst(), script.name(), new FailedExpectation("the process to live", how));
    } else if (unreached.isPresent()) {
      run.fail(
          unreached.get(), script.name(), new FailedExpectation("to be reached", how + " before"));
    }
  }

  /** The number of expectations that its steps state. */
  static int expectationsOf(Scenario.ProcessScript script) {
    return (int) script.steps().stream().filter(Step::expectsSomething).count();
  }

  private void doStep(Step step) {
    run.listener().stepBegins(step);
    try {
      Object result = step.type().run(step, this);
      Errno wanted = step.errno();
      if (wanted != null) {
        throw new FailedExpectation(named(wanted), "it succeeded");
      }
      FatalSignal death = step.dies();
      if (death != null) {
        throw new FailedExpectation("to die of " + death, "it lives");
      }
      if (step.as() != null && result != null) {
        results.put(script.name(), step.as(), result);
      }
      run.listener().stepDone(script.name(), pid(), step, result);
    } catch (ErrnoException e) {
      failedWith(step, e);
    } catch (FailedExpectation e) {
      run.fail(step, script.name(), e);
    }
  }

  private void failedWith(Step step, ErrnoException e) {
    Errno wanted = step.errno();
    if (wanted == e.errno()) {
      run.met();
      run.listener().stepDone(script.name(), pid(), step, null);
      return;
    }
    String expected = wanted == null ? "success" : named(wanted);
    run.fail(
        step,
        script.name(),
        new FailedExpectation(expected, named(e.errno()) + " from " + e.reason()));
  }

  private static String named(Errno errno) {
    return "%s (%s)".formatted(errno, errno.description());
  }

  // ---- for steps

  /** The process's system calls and memory, which a driver of the kernel has not. */
  public Client client() {
    checkState(client != null, "%s is in the kernel", script.name());
    return client;
  }

  /** Its name: that of a driver, if it is one. */
  public String name() {
    return script.name();
  }

  /** The process's id; 0 for a driver of the kernel, whose threads are nobody's. */
  private int pid() {
    return client == null ? 0 : client.pid();
  }

  /**
   * The task of another process of the scenario, for a driver that does something for it.
   *
   * @throws ErrnoException ESRCH if it is gone
   */
  public Task taskOf(String process) throws ErrnoException {
    Process found = machine().processes().find(run.pidOf(process));
    if (found == null) {
      throw ESRCH.because("%s has ended", process);
    }
    return found.task();
  }

  public Machine machine() {
    return run.machine();
  }

  /**
   * Sends SIGKILL to another process of the scenario.
   *
   * @throws ErrnoException ESRCH if it is gone
   */
  public void kill(String victim) throws ErrnoException {
    run.killedByAStep(victim);
    client().kill(run.pidOf(victim));
  }

  void expectationMet() {
    run.met();
  }

  /** The result that a name of the process's own stands for. */
  public <T> T own(Ref<T> ref) {
    checkState(ref.process() == null, "%s is not of %s", ref, script.name());
    return results.own(script.name(), ref);
  }

  /**
   * The result that {@code ref} stands for, here or in another process; waits until it is there.
   *
   * @throws FailedExpectation if the other process has ended without it
   */
  public <T> T find(Ref<T> ref) throws FailedExpectation {
    if (ref.process() == null) {
      return own(ref);
    }
    await(ref, () -> results.foreign(ref) != null);
    T found = results.foreign(ref);
    if (found == null) {
      throw new FailedExpectation(
          ref + " to exist", "%s ended without making it".formatted(ref.process()));
    }
    return found;
  }

  /**
   * Waits until {@code condition} holds or the process of {@code ref} has ended; ends here if it is
   * killed meanwhile.
   */
  public void await(Ref<?> ref, BooleanSupplier condition) {
    if (results.awaitUnlessEnded(ref, condition) == WaitResult.INTERRUPTED) {
      client().exit();
    }
  }

  /** Lets those who {@link #await} look again: something about a result has changed. */
  public void resultChanged() {
    results.touch();
  }

  /** Sleeps as nanosleep does; a process that is killed meanwhile ends here. */
  public void sleep(long durationNs) {
    Scheduler scheduler = run.machine().scheduler();
    WaitQueue timer = new WaitQueue(scheduler, "the end of its sleep");
    long untilNs = scheduler.nowNs() + durationNs;
    if (timer.awaitInterruptible(() -> false, untilNs) == WaitResult.INTERRUPTED) {
      client().exit();
    }
  }
}
