package org.smmulator.kernel.process;

import static com.google.common.base.Preconditions.checkState;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.task.Context;
import org.smmulator.kernel.task.Task;

/**
 * A process: its identity, its memory, its descriptors. Made by {@link ProcessTable}.
 *
 * <p>A spawned process runs on a thread of its own and a hosted one on threads that host code lends
 * it; both have simulated memory. A process outside of the machine has neither: its calls are made
 * in contexts of their own.
 */
@SuppressWarnings("AvoidCommonTypeNames") // it is the word; the JDK's class has no place here
public final class Process {
  /** The part of a process whose code runs in the machine. */
  private record Inside(AddressSpace mm, FdTable files) {}

  private final Caller caller;
  private final @Nullable Inside inside;
  private final boolean hosted;
  private @Nullable Context context;

  /** Calls in progress: the last one out releases a process that was killed. */
  int calls;

  private Process(Caller caller, @Nullable Inside inside, boolean hosted) {
    this.caller = caller;
    this.inside = inside;
    this.hosted = hosted;
  }

  static Process simulated(Task task, AddressSpace mm, FdTable files, boolean hosted) {
    return new Process(new Caller(task, mm, files), new Inside(mm, files), hosted);
  }

  static Process outside(Caller caller) {
    return new Process(caller, null, false);
  }

  void runsAs(Context own) {
    context = own;
  }

  public Task task() {
    return caller.task();
  }

  public int pid() {
    return task().pid();
  }

  /** Returns whether the process's memory and descriptors are in the machine. */
  public boolean isInside() {
    return inside != null;
  }

  private Inside inside() {
    checkState(inside != null, "%s is outside of the machine", this);
    return inside;
  }

  /** Returns the memory of a process that {@link #isInside}. */
  public AddressSpace mm() {
    return inside().mm();
  }

  /** Returns the descriptors of a process that {@link #isInside}. */
  public FdTable files() {
    return inside().files();
  }

  public boolean isDead() {
    return task().isDead();
  }

  /** Returns whether threads of the host run the process. */
  public boolean isHosted() {
    return hosted;
  }

  /** Returns whether a thread of the process's own runs it, which notices its death. */
  boolean hasThread() {
    return context != null && !hosted;
  }

  /**
   * Tells {@code listener}, when the process dies, the number of the signal that it died of; 0 if
   * it ended by itself.
   */
  public void onDeath(IntConsumer listener) {
    task().onDeath(() -> listener.accept(task().fatalSignal()));
  }

  /** Returns whether a system call or an access of the process's is in progress. */
  public boolean isInCall() {
    return calls != 0;
  }

  /** Returns what file operations get to know of it. */
  public Caller caller() {
    return caller;
  }

  /** Returns the context that it runs as, if it has one. */
  public Context context() {
    Context own = context;
    checkState(own != null, "%s has not started", this);
    return own;
  }

  @Override
  public String toString() {
    return task().toString();
  }
}
