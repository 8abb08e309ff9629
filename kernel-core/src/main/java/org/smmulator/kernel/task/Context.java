package org.smmulator.kernel.task;

import org.jspecify.annotations.Nullable;

/**
 * Something that runs and can wait: a user task, a kernel worker, a device process.
 *
 * <p>Owned by the {@link Scheduler}; every field changes only under the baton.
 */
public final class Context {
  /** The kind of code that runs in it. */
  public enum Kind {
    USER,
    KERNEL,
    /** The thread of an interrupt. */
    INTERRUPT,
    DEVICE
  }

  /** The state that it is in. */
  enum State {
    RUNNABLE,
    RUNNING,
    SLEEPING,
    WAITING,
    ENDED
  }

  private final String name;
  private final Kind kind;
  private final @Nullable Task task;
  private final int id;
  private final HeldLocks heldLocks = new HeldLocks();

  /**
   * Set while a Java thread stands for this context. Crossing threads is the scheduler's business.
   */
  @Nullable Thread thread;

  /** An engine's own time; null for code that runs on the board's CPUs. */
  final @Nullable Cpu ownTime;

  /**
   * Wakes the context when its debt is paid or its deadline comes; reused, so a wait allocates
   * nothing.
   */
  final TimedEvent alarm;

  /** True if the context runs on a virtual thread of its own, rather than on a host's. */
  boolean hasOwnThread;

  boolean started;
  State state = State.WAITING;
  long debtNs;
  Cpu lastCpu;

  /** The name of the awaited thing, for the deadlock report; null when it does not wait. */
  @Nullable String waitingFor;

  /** True if the context waits for work: such a waiter is no deadlock. */
  boolean idleWait;

  boolean interruptibleWait;

  /** True if a signal with a handler is pending: interruptible waits end at once. */
  boolean interrupted;

  Context(
      Scheduler scheduler,
      int id,
      String name,
      Kind kind,
      @Nullable Task task,
      @Nullable Cpu ownTime,
      Cpu firstCpu) {
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.task = task;
    this.ownTime = ownTime;
    this.lastCpu = firstCpu;
    this.alarm = new TimedEvent(() -> scheduler.alarm(this));
  }

  /** A number that grows in the order in which contexts were made. */
  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  public Kind kind() {
    return kind;
  }

  /** The task that it runs for; null for kernel and device code. */
  public @Nullable Task task() {
    return task;
  }

  /** The classes of the locks that it holds. */
  public HeldLocks heldLocks() {
    return heldLocks;
  }

  @Override
  public String toString() {
    return name;
  }
}
