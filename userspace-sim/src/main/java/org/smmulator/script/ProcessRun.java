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
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.MappableBuffer;

/** One process of a scenario: does its steps, one after the other, in its own thread. */
public final class ProcessRun implements Ref.Lookup {
  private static final int LIVES_ON = -1;

  /**
   * The end of a process.
   *
   * @param signal the number of the signal that it died of; 0 if it ended by itself
   * @param status the number that it exited with
   */
  public record Ending(int signal, int status) {
    @Override
    public String toString() {
      return signal == 0 ? "it exited with " + status : "it died of " + FatalSignal.nameOf(signal);
    }
  }

  private final ScenarioRun run;
  private final Results results;
  private final Scenario.ProcessScript script;
  private @Nullable Client client;
  private int current;
  private int status = LIVES_ON;

  ProcessRun(ScenarioRun run, Results results, Scenario.ProcessScript script) {
    this.run = run;
    this.results = results;
    this.script = script;
  }

  /** Notes the process that it is, once there is one; says whether that is news. */
  boolean begin(Client own) {
    if (client != null) {
      return false;
    }
    client = own;
    run.begun(this, own.pid());
    return true;
  }

  /** Does all steps, or stops at the first that does not end as it should. */
  void doSteps() {
    for (Step step : script.steps()) {
      if (run.failed() || status != LIVES_ON) {
        break;
      }
      doStep(step);
      current++;
    }
    Process ending = machine().processes().find(pid());
    if (ending != null) {
      machine().isolation().lookAt(ending);
    }
    run.listener().processEnding(script.name(), pid());
  }

  ImmutableList<Step> steps() {
    return script.steps();
  }

  /** The step that it is at, or its last; null if it has none. */
  @Nullable Step reached() {
    ImmutableList<Step> steps = script.steps();
    return steps.isEmpty() ? null : steps.get(Math.min(current, steps.size() - 1));
  }

  private ImmutableList<Step> left() {
    return script.steps().subList(current, script.steps().size());
  }

  /** The number that it exits with. */
  int status() {
    return Math.max(status, 0);
  }

  /**
   * Looks at how the process ended: a signal that no step sent fails the run, and so do
   * expectations that it did not live to reach.
   *
   * @param signal the number of the signal that it died of; 0 if it ended by itself
   * @param sent whether a step of the scenario sent it
   */
  void judgeEnd(int signal, boolean sent) {
    ImmutableList<Step> left = left();
    if (signal != 0 && client != null) {
      Step reached = left.isEmpty() ? null : left.getFirst();
      run.listener().processDied(script.name(), pid(), FatalSignal.nameOf(signal), reached);
    }
    FatalSignal wanted = left.isEmpty() ? null : left.getFirst().dies();
    if (wanted != null && signal == wanted.number()) {
      run.met();
      left = left.subList(1, left.size());
    }
    Optional<Step> unreached = left.stream().filter(Step::expectsSomething).findFirst();
    String how = signal == 0 ? "it ended" : "it died of " + FatalSignal.nameOf(signal);
    if (signal != 0 && !sent && wanted == null && !script.steps().isEmpty()) {
      Step reached = left.isEmpty() ? script.steps().getLast() : left.getFirst();
      run.fail(reached, script.name(), new FailedExpectation("the process to live", how));
    } else if (unreached.isPresent()) {
      run.fail(
          unreached.get(), script.name(), new FailedExpectation("to be reached", how + " before"));
    }
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
    Client own = client;
    checkState(own != null, "%s has not begun", script.name());
    return own;
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
    Process found = run.hasBegun(process) ? machine().processes().find(run.pidOf(process)) : null;
    if (found == null) {
      throw ESRCH.because("%s has ended", process);
    }
    return found.task();
  }

  public Machine machine() {
    return run.machine();
  }

  /**
   * Starts a child with copies of all that the process has named.
   *
   * @throws ErrnoException ENOMEM
   */
  void fork(Scenario.ProcessScript childScript) throws ErrnoException {
    ProcessRun child = new ProcessRun(run, results, childScript);
    run.starting();
    try {
      Client forked =
          client()
              .fork(
                  own -> {
                    beginChild(child, own);
                    child.doSteps();
                  },
                  signal -> run.ended(child, signal));
      beginChild(child, forked);
    } catch (ErrnoException e) {
      run.notStarted();
      throw e;
    }
  }

  /** The child's first act, or its parent's next: until then neither has changed what is copied. */
  private void beginChild(ProcessRun child, Client own) {
    if (child.begin(own)) {
      results.inherit(script.name(), child.name(), new ForkedState(client(), own));
    }
  }

  /**
   * Sends a signal to another process of the scenario; waits until it has started.
   *
   * @throws ErrnoException ESRCH if it is gone; EPERM if it is another user's; EINVAL for no signal
   * @throws FailedExpectation if it never starts
   */
  public void kill(String victim, int signal, SourceLocation place)
      throws ErrnoException, FailedExpectation {
    await(victim, place, () -> run.hasBegun(victim));
    FailedExpectation.unless(
        run.hasBegun(victim), victim + " to be started", "its parent has ended");
    run.sent(victim, signal);
    client().kill(run.pidOf(victim), signal);
  }

  /** Waits until another process has ended; null if it was never started. */
  public @Nullable Ending awaitEnd(String process) {
    await(process, script.place(), () -> false);
    return run.endOf(process);
  }

  /** Ends the process after this step. */
  public void exit(int with) {
    status = with;
  }

  /** Waits at a barrier until every process that it is for has come as often, or has ended. */
  void meet(String barrier, SourceLocation place) {
    BooleanSupplier all = run.arrive(barrier, script.name());
    results.touch();
    if (results.await("the barrier " + barrier, place, all) == WaitResult.INTERRUPTED) {
      client().exit();
    }
  }

  void expectationMet() {
    run.met();
  }

  /**
   * The address in the process's memory that {@code at} is.
   *
   * @throws ErrnoException what mapping its buffer gives
   */
  public long va(Address<MappableBuffer> at) throws ErrnoException {
    return at.base() == null ? at.offset() : own(at.base()).va() + at.offset();
  }

  /** The result that a name of the process's own stands for. */
  public <T> T own(Ref<T> ref) {
    checkState(ref.process() == null, "%s is not of %s", ref, script.name());
    return results.own(script.name(), ref);
  }

  /** The result that {@code ref} stands for, here or in another process; waits for it. */
  @Override
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
    String owner = String.valueOf(ref.process());
    awaitNamed(ref.toString(), ref.place(), owner, condition);
  }

  private void await(String process, SourceLocation place, BooleanSupplier condition) {
    awaitNamed(process, place, process, condition);
  }

  private void awaitNamed(
      String what, SourceLocation place, String process, BooleanSupplier condition) {
    BooleanSupplier over = () -> condition.getAsBoolean() || results.hasEnded(process);
    if (results.await(what, place, over) == WaitResult.INTERRUPTED) {
      client().exit();
    }
  }

  @Override
  public boolean isProcess(Task task, String name) {
    return run.isProcess(task, name);
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
