package org.smmulator.script;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;
import org.smmulator.userspace.msm.Pm4Stream;

/** One process of a scenario: does its steps, one after the other, in its own thread. */
final class ProcessRun {
  private final ScenarioRun run;
  private final Results results;
  private final Scenario.ProcessScript script;
  private final Client client;
  private final ExpectationCheck expectations;

  ProcessRun(ScenarioRun run, Results results, Scenario.ProcessScript script, Client client) {
    this.run = run;
    this.results = results;
    this.script = script;
    this.client = client;
    this.expectations = new ExpectationCheck(this, run);
  }

  /** Does all steps, or stops at the first that does not end as it should. */
  void doSteps() {
    for (Step step : script.steps()) {
      if (run.failed() || step.action() instanceof Action.Exit) {
        break;
      }
      doStep(step);
    }
    run.listener().processEnding(script.name(), client.pid());
  }

  private void doStep(Step step) {
    try {
      Result result = perform(step.action());
      Errno wanted = step.errno();
      if (wanted != null) {
        throw new FailedExpectation(named(wanted), "it succeeded");
      }
      if (step.as() != null && result != null) {
        results.put(script.name(), step.as(), result);
      }
      run.listener().stepDone(script.name(), client.pid(), step, result);
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
      run.listener().stepDone(script.name(), client.pid(), step, null);
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

  private @Nullable Result perform(Action action) throws ErrnoException, FailedExpectation {
    return switch (action) {
      case Action.Open open -> descriptor(client.open(open.path()));
      case Action.Dup dup -> descriptor(client.dup(device(dup.fd()).fd()));
      case Action.GetParam get ->
          new Result.Value(device(get.fd()).param(UapiNumbers.param(get.param())));
      case Action.GemNew gem ->
          new Result.Buffer(
              device(gem.fd()).newBuffer(gem.sizeBytes(), UapiNumbers.flags(gem.flags())));
      case Action.GemInfo info ->
          new Result.Value(buffer(info.buffer()).info(UapiNumbers.info(info.info())));
      case Action.QueueNew queue -> {
        MsmDevice device = device(queue.fd());
        yield new Result.Queue(device, device.newQueue(queue.priority()));
      }
      case Action.Submit submit -> submit(submit);
      case Action.Read read -> new Result.Value(load(read.at()) & 0xffff_ffffL);
      default -> {
        performPlain(action);
        yield null;
      }
    };
  }

  private void performPlain(Action action) throws ErrnoException, FailedExpectation {
    switch (action) {
      case Action.Close close -> client.close(device(close.fd()).fd());
      case Action.QueueClose close -> {
        Result.Queue queue = own(close.queue(), Result.Queue.class);
        queue.device().closeQueue(queue.id());
      }
      case Action.Wait wait -> {
        Result.Job job = own(wait.job(), Result.Job.class);
        job.job().await(wait.timeoutNs());
        signalled(job);
      }
      case Action.Write write -> {
        Address at = write.at();
        bufferAt(at).store32(at.offset(), write.value());
      }
      case Action.Expect expect -> {
        expectations.check(expect.expectation());
        run.met();
      }
      case Action.Sleep sleep -> sleep(sleep.durationNs());
      case Action.Kill kill -> client.kill(run.pidOf(kill.process()));
      default -> throw new IllegalStateException(action.toString());
    }
  }

  private Result descriptor(int fd) {
    return new Result.Descriptor(new MsmDevice(client, fd));
  }

  private Result submit(Action.Submit submit) throws ErrnoException, FailedExpectation {
    ImmutableList.Builder<MsmDevice.Use> uses = ImmutableList.builder();
    for (Action.BufferUse use : submit.buffers()) {
      MsmBuffer buffer = buffer(use.buffer());
      var _ = buffer.iova();
      uses.add(new MsmDevice.Use(buffer, UapiNumbers.access(use.access())));
    }
    Pm4Stream stream = new Pm4Stream();
    CommandEncoder encoder = new CommandEncoder(this::iova);
    for (Command command : submit.commands()) {
      encoder.encode(command, stream);
    }
    int queue =
        submit.queue() == null
            ? MsmDevice.DEFAULT_QUEUE
            : own(submit.queue(), Result.Queue.class).id();
    MsmJob job = device(submit.fd()).submit(queue, uses.build(), stream);
    run.jobSubmitted();
    results.touch();
    return new Result.Job(job);
  }

  // ---- names

  private MsmDevice device(NameRef fd) {
    return own(fd, Result.Descriptor.class).device();
  }

  private MsmBuffer buffer(NameRef ref) {
    return own(ref, Result.Buffer.class).buffer();
  }

  private <R extends Result> R own(NameRef ref, Class<R> type) {
    checkState(ref.process() == null, "%s is not of %s", ref, script.name());
    return results.own(script.name(), ref, type);
  }

  /** What {@code ref} names, here or in another process. */
  <R extends Result> R find(NameRef ref, Class<R> type) throws FailedExpectation {
    if (ref.process() == null) {
      return own(ref, type);
    }
    await(ref, () -> results.foreign(ref, type) != null);
    R found = results.foreign(ref, type);
    if (found == null) {
      throw new FailedExpectation(
          ref + " to exist", "%s ended without making it".formatted(ref.process()));
    }
    return found;
  }

  /** Waits for another process; a process that is killed meanwhile ends here. */
  private void await(NameRef ref, BooleanSupplier condition) {
    if (results.awaitUnlessEnded(ref, condition) == WaitResult.INTERRUPTED) {
      client.exit();
    }
  }

  /** As nanosleep: a process that is killed meanwhile ends here. */
  private void sleep(long durationNs) {
    Scheduler scheduler = run.machine().scheduler();
    WaitQueue nobodyWakes = new WaitQueue(scheduler, "the end of its sleep");
    long untilNs = scheduler.nowNs() + durationNs;
    if (nobodyWakes.awaitInterruptible(() -> false, untilNs) == WaitResult.INTERRUPTED) {
      client.exit();
    }
  }

  /** Where {@code address} is on the GPU; waits until another process knows its buffer's place. */
  long iova(Address address) throws ErrnoException, FailedExpectation {
    NameRef base = address.base();
    if (base == null) {
      return address.offset();
    }
    MsmBuffer buffer = find(base, Result.Buffer.class).buffer();
    if (base.process() == null) {
      long iova = buffer.iova();
      results.touch();
      return iova + address.offset();
    }
    await(base, () -> buffer.knownIova() != 0);
    if (buffer.knownIova() == 0) {
      throw new FailedExpectation(
          base + " to have an address", "%s ended without asking for it".formatted(base.process()));
    }
    return buffer.knownIova() + address.offset();
  }

  /** Loads through the process's own mapping. */
  int load(Address at) throws ErrnoException {
    return bufferAt(at).load32(at.offset());
  }

  private MsmBuffer bufferAt(Address at) {
    NameRef base = at.base();
    checkState(base != null, "the CPU has no buffer at %s", at);
    return buffer(base);
  }

  /** Whether a job has signalled; of another process's, whether that process has seen it. */
  boolean isSignalled(NameRef ref, boolean expected) throws ErrnoException, FailedExpectation {
    Result.Job job = find(ref, Result.Job.class);
    if (ref.process() != null) {
      if (expected) {
        await(ref, job::isSeenSignalled);
      }
      return job.isSeenSignalled();
    }
    boolean signalled = job.job().isSignalled();
    if (signalled) {
      signalled(job);
    }
    return signalled;
  }

  private void signalled(Result.Job job) {
    job.seenSignalled();
    results.touch();
  }
}
