package org.smmulator.kernel.task;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.ExternalAbort;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.trace.TraceContext;

/**
 * The baton: which context runs, and what time it is.
 *
 * <p>One scheduler belongs to one machine. A Java thread enters with {@link #run} or {@link
 * #callAs}, and while it is inside the machine belongs to it. A context that blocks runs the
 * scheduler's loop on its own stack: the next runnable context, else the next timed event.
 */
// # The baton
// `holder` names the context whose thread may touch the machine. Only the holder writes machine
// state; it passes the baton by a volatile write and an unpark, and waits by parking until the
// baton comes back. So plain fields everywhere else are safe: each hand-over is a happens-before.
//
// # Who runs the loop
// There is no dispatcher thread. Whoever blocks looks for the next context itself: if that is the
// blocker again (its sleep was the next event) no thread switch happens at all.
//
// # Host threads
// The thread that called run() or callAs() is the foreground. When nothing is
// left to do, or the machine stops, the baton goes back to it, wherever it waits.
public final class Scheduler implements Timebase, TraceContext, AutoCloseable {
  /** Longer than any period of a kernel's timer, after which software would run. */
  private static final long POLLING_NS = 10_000_000_000L;

  /** An interrupted thread looks so often, so far apart in the host's time, for an end. */
  private static final int PATIENCE = 50;

  private static final long PATIENCE_NS = 100_000_000;

  private final Schedule schedule;
  private final ImmutableList<Cpu> cpus;
  private final EventWheel events = new EventWheel();
  private final Inbox inbox = new Inbox();
  private final List<Context> runnable = new ArrayList<>();
  private final List<Context> contexts = new ArrayList<>();

  // A plain set is a full fence, for a hand-over; who stays on its thread sets with release only.
  private final AtomicReference<@Nullable Context> holder = new AtomicReference<>();
  private @Nullable Context foreground;
  private boolean abandoned;
  private @Nullable BooleanSupplier runUntil;
  private @Nullable MachineStopped stopped;
  private boolean closing;
  private long nowNs;

  /** When a context last ran that is no device's. */
  private long softwareRanNs;

  private int atomicDepth;
  private int nextContextId;

  /**
   * Makes a machine's scheduler, at time zero.
   *
   * @param cpuCount how many contexts can spend CPU time at once
   */
  public Scheduler(Schedule schedule, int cpuCount) {
    checkArgument(cpuCount > 0, "a machine needs a CPU");
    this.schedule = schedule;
    ImmutableList.Builder<Cpu> made = ImmutableList.builder();
    for (int i = 0; i < cpuCount; i++) {
      made.add(new Cpu(i));
    }
    this.cpus = made.build();
  }

  // ---- entering from outside

  /**
   * Runs the machine until {@code done} holds, or until there is nothing left to do. The calling
   * thread must not be inside the machine.
   *
   * @return whether {@code done} holds
   * @throws MachineStopped if the machine panics, deadlocks or breaks
   */
  public boolean run(BooleanSupplier done) {
    Context host = newContext("host", Context.Kind.KERNEL, null, null);
    enter(host);
    runUntil = done;
    try {
      if (!done.getAsBoolean()) {
        host.state = Context.State.WAITING;
        host.waitingFor = "the machine";
        host.idleWait = true;
        switchAway(host);
      }
      return done.getAsBoolean();
    } finally {
      runUntil = null;
      leave(host);
      contexts.remove(host);
    }
  }

  /**
   * Makes a context that has no thread: a host thread lends itself for the length of each {@link
   * #callAs}.
   */
  public Context newHosted(String name, Task task) {
    Context hosted = newContext(name, Context.Kind.USER, task, null);
    hosted.idleWait = true; // for a host thread, which may come or not
    return hosted;
  }

  /**
   * Runs {@code body} as {@code context}. If the calling code already runs as {@code context} it
   * just goes on; else the calling thread, which must be outside the machine, lends itself.
   *
   * @throws MachineStopped if the machine panics, deadlocks or breaks meanwhile
   */
  public <T> T callAs(Context context, Supplier<T> body) {
    if (holder.get() == context && Thread.currentThread().equals(context.thread)) {
      return body.get();
    }
    enter(context);
    try {
      T result = body.get();
      point();
      return result;
    } catch (MachineStopped e) {
      throw e;
    } catch (RuntimeException | Error bug) {
      stop(bug, context);
      throw stopReason();
    } finally {
      leave(context);
    }
  }

  private void enter(Context context) {
    checkState(!closing, "the machine is closed");
    throwIfStopped();
    checkState(foreground == null, "another thread is inside the machine: %s", foreground);
    foreground = context;
    softwareRanNs = nowNs;
    context.thread = Thread.currentThread();
    context.state = Context.State.RUNNING;
    holder.setRelease(context);
  }

  private void leave(Context context) {
    context.state = Context.State.WAITING;
    context.idleWait = true;
    context.thread = null;
    foreground = null;
    holder.setRelease(null);
  }

  private void throwIfStopped() {
    if (stopped != null) {
      throw stopped;
    }
  }

  private MachineStopped stopReason() {
    MachineStopped reason = stopped;
    checkState(reason != null, "the machine has not stopped");
    return reason;
  }

  /**
   * Attaches the calling thread, which must be outside of the machine, as one that makes calls
   * while another runs it. Any thread may call this.
   */
  public AttachedThread attach() {
    return new AttachedThread(this);
  }

  Inbox inbox() {
    return inbox;
  }

  // ---- starting contexts

  /** Starts a context for {@code task} that runs {@code body} on a virtual thread of its own. */
  public Context spawnUser(Task task, Runnable body) {
    return start(newContext(task.toString(), Context.Kind.USER, task, null), body);
  }

  /** Starts a kernel worker. */
  public Context spawnKernel(String name, Runnable body) {
    return start(newContext(name, Context.Kind.KERNEL, null, null), body);
  }

  /**
   * Starts the thread of an interrupt. As a hard interrupt's handler it acts for a device: while it
   * alone runs, no software makes progress.
   */
  public Context spawnInterruptThread(String name, Runnable body) {
    return start(newContext(name, Context.Kind.INTERRUPT, null, null), body);
  }

  /** Starts a device process, with time of its own. */
  @Override
  public void process(String name, Runnable body) {
    var _ = start(newContext(name, Context.Kind.DEVICE, null, new Cpu(0)), body);
  }

  private Context newContext(
      String name, Context.Kind kind, @Nullable Task task, @Nullable Cpu ownTime) {
    Context made = new Context(this, nextContextId++, name, kind, task, ownTime, cpus.get(0));
    contexts.add(made);
    return made;
  }

  private Context start(Context context, Runnable body) {
    context.thread =
        Thread.ofVirtual().name(context.name()).unstarted(() -> runToItsEnd(context, body));
    context.hasOwnThread = true;
    makeRunnable(context);
    return context;
  }

  private void runToItsEnd(Context context, Runnable body) {
    try {
      context.state = Context.State.RUNNING;
      if (closing) {
        return;
      }
      body.run();
      point(); // the last of its work takes its time too
    } catch (Unwind end) {
      // the machine closes, or the task was killed: nothing more to run
    } catch (Throwable bug) {
      stop(bug, context);
    } finally {
      context.state = Context.State.ENDED;
      contexts.remove(context);
      passOn();
    }
  }

  // ---- time

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public void consume(long ns) {
    Context me = holder.get();
    if (me != null && atomicDepth == 0) {
      me.debtNs += ns;
    } else {
      var _ = cpus.get(0).spend(nowNs, ns); // an interrupt takes the boot CPU's time
    }
  }

  @Override
  public void point() {
    Context me = holder.get();
    if (me == null || atomicDepth > 0 || closing) {
      return;
    }
    if (me.debtNs > 0) {
      payDebt(me);
    } else if (events.firstTimeNs() <= nowNs || inbox.hasMail()) {
      fireDueEvents();
    }
    if (!runnable.isEmpty() && schedule.preempts(me)) {
      makeRunnable(me);
      switchAway(me);
    }
  }

  private void payDebt(Context me) {
    long end = cpuFor(me).spend(nowNs, me.debtNs);
    me.debtNs = 0;
    boolean mayPoll = me.ownTime != null && end - softwareRanNs > POLLING_NS;
    if (runnable.isEmpty() && events.firstTimeNs() > end && !mayPoll && !inbox.hasMail()) {
      nowNs = end;
      return;
    }
    sleepUntil(me, end);
  }

  private Cpu cpuFor(Context me) {
    if (me.ownTime != null) {
      return me.ownTime;
    }
    if (me.lastCpu.busyUntilNs() > nowNs) {
      for (int i = 0; i < cpus.size(); i++) {
        if (cpus.get(i).busyUntilNs() < me.lastCpu.busyUntilNs()) {
          me.lastCpu = cpus.get(i);
        }
      }
    }
    return me.lastCpu;
  }

  private void sleepUntil(Context me, long timeNs) {
    events.add(me.alarm, timeNs);
    me.state = Context.State.SLEEPING;
    switchAway(me);
  }

  /** Puts the running context to sleep for {@code ns}. Not interruptible. */
  public void sleep(long ns) {
    mayBlock("sleep");
    point();
    sleepUntil(requireCurrent(), nowNs + ns);
  }

  @Override
  public void after(long delayNs, Runnable event) {
    checkArgument(delayNs >= 0, "delay %s", delayNs);
    events.add(new TimedEvent(event), nowNs + delayNs);
  }

  void schedule(TimedEvent event, long timeNs) {
    events.add(event, Math.max(timeNs, nowNs));
  }

  void cancel(TimedEvent event) {
    events.remove(event);
  }

  @Override
  public Doorbell doorbell(String name) {
    return new LatchedDoorbell(new WaitQueue(this, name));
  }

  // ---- who runs

  /** The running context; null in run-to-completion code that interrupted nobody. */
  public @Nullable Context current() {
    return holder.get();
  }

  /** The running context, where code cannot do without one. */
  public Context requireCurrent() {
    Context me = holder.get();
    checkState(me != null, "nobody runs");
    return me;
  }

  /** Runs {@code body} as a hard interrupt does: to completion, and it must not block. */
  public void atomically(Runnable body) {
    atomicDepth++;
    try {
      body.run();
    } finally {
      atomicDepth--;
    }
  }

  /**
   * Says that the caller is about to block. Kernel: {@code might_sleep()}.
   *
   * @param what what it wants to wait for, for the report
   */
  public void mayBlock(String what) {
    checkState(atomicDepth == 0, "BUG: scheduling while atomic: %s", what);
  }

  /** Ends {@code context}'s wait if it is interruptible, and marks its task for death. */
  public void kill(Task task) {
    task.markKilled();
    for (Context context : List.copyOf(contexts)) {
      if (context.task() == task && context.interruptibleWait) {
        wake(context);
      }
    }
  }

  /**
   * Ends the running context, which has a thread of its own, here and now. Kernel: {@code
   * do_exit()}.
   */
  public void exitCurrent() {
    checkState(requireCurrent().hasOwnThread, "%s runs on a thread that is lent", holder.get());
    throw new Unwind();
  }

  /**
   * Ends the interruptible wait of {@code context}, and the next ones. Kernel: {@code
   * signal_wake_up()}.
   */
  void interrupt(Context context) {
    context.interrupted = true;
    if (context.interruptibleWait) {
      wake(context);
    }
  }

  boolean signalPending(Context context) {
    Task task = context.task();
    return context.interrupted || (task != null && task.isKilled());
  }

  void waitHere(Context me, String what, long deadlineNs, boolean interruptible, boolean idle) {
    me.waitingFor = what;
    me.interruptibleWait = interruptible;
    me.idleWait = idle;
    me.state = Context.State.WAITING;
    if (deadlineNs != WaitQueue.FOREVER) {
      events.add(me.alarm, Math.max(deadlineNs, nowNs));
    }
    switchAway(me);
    events.remove(me.alarm);
    me.waitingFor = null;
    me.idleWait = false;
  }

  /** Makes a waiting context runnable; no effect on one that does not wait. */
  void wake(Context context) {
    if (context.state == Context.State.WAITING && context.thread != null) {
      makeRunnable(context);
    }
  }

  void alarm(Context context) {
    if (context.state == Context.State.SLEEPING || context.state == Context.State.WAITING) {
      makeRunnable(context);
    }
  }

  private void makeRunnable(Context context) {
    context.state = Context.State.RUNNABLE;
    runnable.add(context);
  }

  private void switchAway(Context me) {
    if (closing) {
      throw new Unwind(); // a context that is being unwound must not wait again
    }
    Context next = nextToRun();
    if (next != me) {
      handTo(next);
      awaitBaton(me);
    } else {
      holder.setRelease(me);
    }
    me.state = Context.State.RUNNING;
    if (closing) {
      throw new Unwind();
    }
    if (stopped != null) {
      if (foreground == me) {
        throw stopped;
      }
      throw new Unwind();
    }
  }

  /** The end of a context: the baton goes to whoever is next. */
  private void passOn() {
    if (closing) {
      holder.set(null);
      return;
    }
    handTo(nextToRun());
  }

  /** Finds who runs next, letting time pass; the foreground if nothing is left to do. */
  private Context nextToRun() {
    while (true) {
      Context front = foreground;
      checkState(front != null, "the machine runs for nobody");
      if (stopped != null) {
        return front;
      }
      try {
        fireDueEvents();
      } catch (RuntimeException | Error bug) {
        stop(bug, null);
        return front;
      }
      BooleanSupplier done = runUntil;
      if (done != null && done.getAsBoolean()) {
        return front;
      }
      if (!runnable.isEmpty()) {
        int choice = runnable.size() == 1 ? 0 : schedule.pick(runnable);
        Context next = runnable.remove(choice);
        if (next.ownTime == null && next.kind() != Context.Kind.INTERRUPT) {
          softwareRanNs = nowNs;
        }
        return next;
      }
      boolean idle = events.isEmpty() || onlyDevicesPoll();
      if (inbox.mustWait(!idle)) {
        inbox.sleep();
        continue;
      }
      if (idle) {
        stopIfDeadlocked();
        return front;
      }
      nowNs = events.firstTimeNs();
    }
  }

  /**
   * Returns whether nothing is due but polls of devices, and has not been for long: the commands of
   * a client that is gone wait for ever. That is the end of a run as well, since no software will
   * run again.
   */
  private boolean onlyDevicesPoll() {
    if (events.firstTimeNs() - softwareRanNs <= POLLING_NS) {
      return false;
    }
    int polling = 0;
    for (Context context : contexts) {
      polling += context.ownTime != null && context.alarm.isQueued() ? 1 : 0;
    }
    return polling == events.size();
  }

  private void fireDueEvents() {
    while (true) {
      Runnable due = inbox.take();
      if (due == null) {
        if (events.firstTimeNs() > nowNs) {
          return;
        }
        due = events.removeFirst().action;
      }
      runAsEvent(due);
    }
  }

  private void runAsEvent(Runnable event) {
    Context interrupted = holder.get();
    // An event interrupts whoever runs; a context that waits is not running.
    if (interrupted != null && interrupted.state != Context.State.RUNNING) {
      holder.setRelease(null);
    }
    atomicDepth++;
    try {
      event.run();
    } finally {
      atomicDepth--;
      holder.setRelease(interrupted);
    }
  }

  private void handTo(Context next) {
    holder.set(next);
    Thread thread = next.thread;
    checkState(thread != null, "%s has no thread", next);
    if (next.hasOwnThread && !next.started) {
      next.started = true;
      thread.start();
    } else {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Waits for its turn. The thread that runs the machine, if it is interrupted, has it stop at its
   * next scheduling point; if that does not come, it leaves the machine as it is.
   */
  private void awaitBaton(Context me) {
    boolean interrupted = false;
    int patience = PATIENCE;
    while (holder.get() != me) {
      if (interrupted && me == foreground) {
        LockSupport.parkNanos(this, PATIENCE_NS);
        if (--patience == 0) {
          Thread.currentThread().interrupt();
          throw abandon();
        }
      } else {
        LockSupport.park(this);
      }
      if (Thread.interrupted()) { // else an interrupted host thread would spin here
        if (!interrupted && me == foreground) {
          inbox.send(this::stopAsAsked);
        }
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopAsAsked() {
    String running =
        contexts.stream()
            .filter(context -> context != foreground && context.task() != null)
            .map(Context::toString)
            .collect(Collectors.joining(", "));
    stop(
        new MachineStopped(
            MachineStopped.Reason.INTERRUPTED,
            "interrupted at %d ns, when there was more to do for %s"
                .formatted(nowNs, running.isEmpty() ? "the kernel" : running),
            null));
  }

  /** Another thread computes and never comes back, and Java has no way to end it. */
  private MachineStopped abandon() {
    abandoned = true;
    stop(
        new MachineStopped(
            MachineStopped.Reason.INTERRUPTED,
            "interrupted at %d ns: %s computes and never comes back to the machine"
                .formatted(nowNs, holder.get()),
            null));
    return stopReason();
  }

  // ---- stopping

  private void stopIfDeadlocked() {
    List<String> stuck = new ArrayList<>();
    for (Context context : contexts) {
      if (context.state == Context.State.WAITING && !context.idleWait) {
        stuck.add("  %s waits for %s".formatted(context, context.waitingFor));
      }
    }
    if (!stuck.isEmpty()) {
      stop(
          new MachineStopped(
              MachineStopped.Reason.DEADLOCK,
              "deadlock at %d ns: nothing can happen any more\n%s"
                  .formatted(nowNs, String.join("\n", stuck)),
              null));
    }
  }

  private void stop(Throwable cause, @Nullable Context where) {
    if (stopped != null) {
      return;
    }
    boolean panic = cause instanceof KernelPanic || cause instanceof ExternalAbort;
    String who = where == null ? "an event" : where.toString();
    String head =
        panic
            ? "Kernel panic - not syncing: %s".formatted(cause.getMessage())
            : "BUG: %s".formatted(cause);
    stop(
        new MachineStopped(
            panic ? MachineStopped.Reason.PANIC : MachineStopped.Reason.BUG,
            "%s\n  at %d ns, in %s".formatted(head, nowNs, who),
            cause));
  }

  private void stop(MachineStopped reason) {
    stopped = reason;
    inbox.end(reason);
  }

  /** Why the machine stopped; null while it can go on. */
  public @Nullable MachineStopped stopped() {
    return stopped;
  }

  /**
   * Unwinds every context, one after another. The calling thread must not be inside the machine.
   */
  @Override
  public void close() {
    checkState(foreground == null, "closing a machine that is running");
    closing = true;
    inbox.end(new IllegalStateException("the machine is closed"));
    if (abandoned) {
      return; // a thread is still in there, and no other may be
    }
    for (Context context : List.copyOf(contexts)) {
      Thread thread = context.thread;
      if (thread == null || !context.started) {
        continue;
      }
      holder.set(context);
      LockSupport.unpark(thread);
      join(thread);
    }
    contexts.clear();
    runnable.clear();
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // unwinding must finish; the caller learns of it afterwards
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- for the heads of trace and log lines

  @Override
  public String comm() {
    Context me = holder.get();
    if (me == null) {
      return "<idle>";
    }
    Task task = me.task();
    return task == null ? me.name() : task.comm();
  }

  @Override
  public int pid() {
    Context me = holder.get();
    Task task = me == null ? null : me.task();
    return task == null ? 0 : task.pid();
  }

  @Override
  public int cpu() {
    Context me = holder.get();
    return me == null ? 0 : me.lastCpu.number();
  }
}
