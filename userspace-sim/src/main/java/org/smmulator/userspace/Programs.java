package org.smmulator.userspace;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.kernel.process.UserAccess;

/**
 * The programs that a machine's processes run, and how they end.
 *
 * <p>A program fails if it throws, if it dies of a fault of its own that nobody expected, if it
 * does not die of the signal that somebody did expect, and if it has never begun when the machine
 * is closed. A process that another one kills has not failed.
 */
public final class Programs {
  private final ProcessTable processes;
  private final Syscalls syscalls;
  private final UserAccess memory;
  private final LongSupplier clock;

  /** Those that have not ended, the oldest first. */
  private final List<Program> living = new ArrayList<>();

  private final List<Throwable> failures = new ArrayList<>();

  /**
   * Starts without a program.
   *
   * @param clock {@code CLOCK_MONOTONIC} in nanoseconds, which a process reads without a system
   *     call
   */
  public Programs(
      ProcessTable processes, Syscalls syscalls, UserAccess memory, LongSupplier clock) {
    this.processes = processes;
    this.syscalls = syscalls;
    this.memory = memory;
    this.clock = clock;
  }

  /** The abilities of {@code process}'s code. */
  public Client client(Process process) {
    return new Client(process, this);
  }

  /**
   * Has a new process run {@code body}.
   *
   * @param start makes the process, which runs what it is given in a thread of its own
   * @param <E> the error of {@code start}
   * @return the process's pid
   * @throws E if there is no new process
   */
  public <E extends Exception> int start(Start<E> start, Consumer<Client> body) throws E {
    Program program = new Program(body);
    int pid = start.start(program::run);
    Process process = processes.find(pid);
    if (process != null) {
      program.isIn(process);
    }
    return pid;
  }

  /**
   * Has a new process run {@code body}, and its starter judge its end.
   *
   * @param start makes the process, which runs what it is given in a thread of its own
   * @param ended told, when it dies, the number of the signal that it died of; 0 if it ended by
   *     itself
   * @param <E> the error of {@code start}
   * @throws E if there is no new process
   */
  public <E extends Exception> Client startJudged(
      Start<E> start, Consumer<Client> body, IntConsumer ended) throws E {
    Judged judged = new Judged(ended);
    int pid =
        start.start(process -> {
          judged.isIn(process);
          body.accept(client(process));
        });
    return client(judged.isIn(processes.find(pid)));
  }

  /** A process whose starter hears of its end. */
  private static final class Judged {
    private final IntConsumer ended;
    private @Nullable Process process;

    Judged(IntConsumer ended) {
      this.ended = ended;
    }

    /** Notes the process, as soon as one is known: its maker's, or its own first act. */
    Process isIn(@Nullable Process known) {
      Process present = process;
      if (present == null) {
        present = requireNonNull(known);
        process = present;
        present.onDeath(ended);
      }
      return present;
    }
  }

  /** Makes a process; returns its pid. */
  public interface Start<E extends Exception> {
    /**
     * Makes it.
     *
     * @throws E if it cannot
     */
    int start(Consumer<Process> body) throws E;
  }

  /** Says that the program of the process {@code pid} must die of {@code signal}. */
  public void expectDeath(int pid, FatalSignal signal) {
    living.stream()
        .filter(program -> program.pid == pid)
        .forEach(program -> program.expected = signal);
  }

  /** Says that the program of the process {@code pid} may die of any fault. */
  public void allowDeath(int pid) {
    living.stream().filter(program -> program.pid == pid).forEach(program -> program.mayDie = true);
  }

  /** True while a failure has not been {@link #throwFailure thrown}. */
  public boolean haveFailed() {
    return !failures.isEmpty();
  }

  /**
   * Throws the first failure, with the others as its suppressed ones; each is thrown once. What a
   * program threw is thrown as it is.
   */
  public void throwFailure() {
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.removeFirst();
    failures.forEach(first::addSuppressed);
    failures.clear();
    if (first instanceof RuntimeException thrown) {
      throw thrown;
    }
    throw (AssertionError) first;
  }

  /** Says that no program runs any more: those that never began, or had to die, have failed. */
  public void end() {
    for (Program program : living) {
      if (!program.begun) {
        fail(program + " never began: the machine did not run");
      } else if (program.expected != null) {
        fail("%s had to die of %s and lives".formatted(program, program.expected));
      }
    }
    living.clear();
  }

  private void fail(String problem) {
    failures.add(new AssertionError(problem));
  }

  Syscalls syscalls() {
    return syscalls;
  }

  UserAccess memory() {
    return memory;
  }

  long nowNs() {
    return clock.getAsLong();
  }

  /** The code of one process. */
  private final class Program {
    private final Consumer<Client> body;
    private int pid;
    private String name = "";
    private boolean begun;
    private boolean mayDie;
    private @Nullable FatalSignal expected;

    Program(Consumer<Client> body) {
      this.body = body;
    }

    /** Notes its process, as soon as one is known: its maker's, or its own first act. */
    void isIn(Process process) {
      if (pid == 0) {
        pid = process.pid();
        name = process.toString();
        living.add(this);
        process.onDeath(this::ended);
      }
    }

    void run(Process process) {
      isIn(process);
      begun = true;
      try {
        body.accept(client(process));
      } catch (RuntimeException | AssertionError thrown) {
        if (process.isInCall()) {
          throw thrown; // the kernel's own: the machine stops
        }
        failures.add(thrown);
      }
    }

    private void ended(int signal) {
      living.remove(this);
      String how = signal == 0 ? "ended" : "died of " + FatalSignal.nameOf(signal);
      if (expected != null && expected.number() != signal) {
        fail("%s had to die of %s and %s".formatted(this, expected, how));
      } else if (expected == null && !mayDie && FatalSignal.isFault(signal)) {
        failures.add(new ProgramDied(name, pid, FatalSignal.nameOf(signal)));
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
