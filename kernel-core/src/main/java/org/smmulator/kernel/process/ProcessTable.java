package org.smmulator.kernel.process;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.UserMemory;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;

/**
 * The processes of a machine, by pid. Kernel: {@code kernel/fork.c} and {@code kernel/exit.c}.
 *
 * <p>Pids count up from 100 and are not used again.
 */
@Singleton
public final class ProcessTable {
  private static final int FIRST_PID = 100;

  private final Scheduler scheduler;
  private final PageAllocator pages;
  private final Dram dram;
  private final FaultInjector faults;
  private final TreeMap<Integer, Process> byPid = new TreeMap<>();
  private int nextPid = FIRST_PID;

  @Inject
  public ProcessTable(Scheduler scheduler, PageAllocator pages, Dram dram, FaultInjector faults) {
    this.scheduler = scheduler;
    this.pages = pages;
    this.dram = dram;
    this.faults = faults;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /**
   * Starts a process that runs {@code body} on a thread of its own and exits when that returns.
   * What {@code body} throws is a bug and stops the machine.
   *
   * @param comm its name
   * @param admin whether it has root's capabilities
   * @throws ErrnoException ENOMEM
   */
  public Process spawn(String comm, boolean admin, Consumer<Process> body) throws ErrnoException {
    Process process = newProcess(new Task(nextPid, comm, admin), false);
    start(process, body);
    return process;
  }

  /**
   * Makes a process without a thread: whoever makes a system call for it lends one. It lives until
   * it exits or is killed.
   *
   * @throws ErrnoException ENOMEM
   */
  public Process spawnHosted(String comm, boolean admin) throws ErrnoException {
    Process process = newProcess(new Task(nextPid, comm, admin), true);
    process.runsAs(scheduler.newHosted(process.toString(), process.task()));
    return process;
  }

  /**
   * Takes in a process that runs outside of the machine. Each of its system calls needs a context:
   * {@link org.smmulator.kernel.task.AttachedThread#call} makes one. It lives until it exits or is
   * killed.
   */
  public Process adopt(String comm, boolean admin, UserMemory memory, FileTable files) {
    return register(Process.outside(new Caller(new Task(nextPid, comm, admin), memory, files)));
  }

  private Process newProcess(Task task, boolean hosted) throws ErrnoException {
    AddressSpace mm = new AddressSpace(pages, dram, scheduler, Holder.of(task));
    return register(Process.simulated(task, mm, new FdTable(faults), hosted));
  }

  /**
   * Starts a child with a copy of {@code parent}'s memory, sharing its open files.
   *
   * @throws ErrnoException ENOMEM
   */
  Process fork(Process parent, Consumer<Process> body) throws ErrnoException {
    Task task = new Task(nextPid, parent.task().comm(), parent.task().isAdmin());
    AddressSpace mm = parent.mm().forked(Holder.of(task));
    Process child = register(Process.simulated(task, mm, parent.files().forked(), false));
    start(child, body);
    return child;
  }

  private Process register(Process process) {
    nextPid++;
    byPid.put(process.pid(), process);
    return process;
  }

  private void start(Process process, Consumer<Process> body) {
    process.runsAs(
        scheduler.spawnUser(
            process.task(),
            () -> {
              if (!process.task().isKilled()) {
                body.accept(process);
              }
              release(process);
            }));
  }

  /**
   * The end of a process: its memory goes, then its descriptors, then whoever asked is told. Does
   * not end the context that it runs in. Kernel: {@code do_exit()}, with its order of {@code
   * exit_mm()} and {@code exit_files()}.
   */
  void release(Process process) {
    if (process.isInside()) {
      process.mm().destroy();
    }
    process.caller().files().closeAll();
    byPid.remove(process.pid());
    process.task().markDead();
  }

  /** Sends SIGKILL; see {@link #kill(Process, int)}. */
  public void kill(Process process) {
    kill(process, Syscalls.SIGKILL);
  }

  /**
   * Sends a fatal signal. It takes effect at an interruptible wait or at the next syscall exit; for
   * a process that has neither a thread nor a call in progress, now. May block.
   *
   * @param signal its number; 0 if the process exits of its own will
   */
  void kill(Process process, int signal) {
    if (process.task().isDead() || process.task().isKilled()) {
      return;
    }
    process.task().setFatalSignal(signal);
    scheduler.kill(process.task());
    if (!process.hasThread() && process.calls == 0) {
      release(process); // no call is in progress that could
    }
  }

  /** On the way back to the process: if a signal is pending it ends here, with its last call. */
  void endIfKilled(Process process) {
    if (process.task().isKilled()) {
      if (process.calls == 0) {
        release(process);
      }
      if (process.hasThread()) {
        scheduler.exitCurrent();
      }
    }
  }

  /**
   * Says whether the process is dead. Its own thread, which may run cleanup code of the simulated
   * program on its way out, goes no further than this.
   */
  boolean endIfDead(Process process) {
    if (!process.task().isDead()) {
      return false;
    }
    if (process.hasThread() && scheduler.current() == process.context()) {
      scheduler.exitCurrent();
    }
    return true;
  }

  /** The process with {@code pid}; null if there is none. */
  public @Nullable Process find(int pid) {
    return byPid.get(pid);
  }

  /** The process that {@code task} is; null if it is dead. */
  public @Nullable Process of(Task task) {
    return byPid.get(task.pid());
  }

  /** All that live, by pid. */
  public ImmutableList<Process> all() {
    return ImmutableList.copyOf(byPid.values());
  }
}
