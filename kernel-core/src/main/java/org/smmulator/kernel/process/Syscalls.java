package org.smmulator.kernel.process;

import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EINTR;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EPERM;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableSet;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.FileMapping;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.Scheduler;

/**
 * The system calls: a process and numbers in, a number out, negative errno if it failed.
 *
 * <p>Entry and exit are scheduling points and take time. A process that was killed meanwhile ends
 * at the exit: the call does not return, except to a host thread, which gets the call's result and,
 * from then on, ESRCH. Pointers are addresses in the process's own memory.
 */
@Singleton
public final class Syscalls {
  public static final int MAP_SHARED = 0x01;
  public static final int MAP_PRIVATE = 0x02;
  public static final int MAP_ANONYMOUS = 0x20;

  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;

  /** Kernel: {@code _NSIG} on arm64. */
  private static final int NSIG = 64;

  /** SIGSTOP, SIGTSTP, SIGTTIN and SIGTTOU. Kernel: {@code SIG_KERNEL_STOP_MASK}. */
  private static final ImmutableSet<Integer> STOPS = ImmutableSet.of(19, 20, 21, 22);

  /** SIGCHLD, SIGCONT, SIGURG and SIGWINCH. Kernel: {@code SIG_KERNEL_IGNORE_MASK}. */
  private static final ImmutableSet<Integer> IGNORED = ImmutableSet.of(17, 18, 23, 28);

  private final ProcessTable processes;
  private final Scheduler scheduler;
  private final FileCalls files;
  private final SyscallCosts costs;

  @Inject
  public Syscalls(ProcessTable processes, NodeTree nodes, SyscallCosts costs) {
    this.processes = processes;
    this.scheduler = processes.scheduler();
    this.files = new FileCalls(scheduler, nodes);
    this.costs = costs;
  }

  // ---- files

  /** Opens the path at {@code pathPtr}; gives the lowest free descriptor. */
  public long open(Process process, long pathPtr, int flags) {
    return call(process, () -> files.open(process.caller(), pathPtr, flags));
  }

  /** Tells of what a path leads to: see {@link FileCalls#stat}. */
  public long stat(Process process, long pathPtr, long statPtr) {
    return call(process, () -> files.stat(process.caller(), pathPtr, statPtr, true));
  }

  /** The same, of a symbolic link itself. */
  public long lstat(Process process, long pathPtr, long statPtr) {
    return call(process, () -> files.stat(process.caller(), pathPtr, statPtr, false));
  }

  /** Reads a symbolic link: see {@link FileCalls#readlink}. */
  public long readlink(Process process, long pathPtr, long userPtr, long sizeBytes) {
    return call(process, () -> files.readlink(process.caller(), pathPtr, userPtr, sizeBytes));
  }

  /** Lists an open directory: see {@link FileCalls#getdents}. */
  public long getdents(Process process, int fd, long userPtr, long sizeBytes) {
    return call(process, () -> files.getdents(process.caller(), fd, userPtr, sizeBytes));
  }

  /** Closes a descriptor. */
  public long close(Process process, int fd) {
    return call(process, () -> files.close(process.caller(), fd));
  }

  /** Gives the lowest free descriptor for the same open file. */
  public long dup(Process process, int fd) {
    return call(process, () -> files.dup(process.caller(), fd));
  }

  /** Makes a counter behind the lowest free descriptor: see {@link FileCalls#eventfd}. */
  public long eventfd(Process process, int count, int flags) {
    return call(process, () -> files.eventfd(process.caller(), count, flags));
  }

  /** Makes a socket behind the lowest free descriptor: see {@link FileCalls#socket}. */
  public long socket(Process process, int family, int type, int protocol) {
    return call(process, () -> files.socket(process.caller(), family, type, protocol));
  }

  /** Joins groups of messages: see {@link FileCalls#bind}. */
  public long bind(Process process, int fd, long addressPtr, int sizeBytes) {
    return call(process, () -> files.bind(process.caller(), fd, addressPtr, sizeBytes));
  }

  /** Reads from where the file stands. */
  public long read(Process process, int fd, long userPtr, long sizeBytes) {
    return call(process, () -> files.read(process.caller(), fd, userPtr, sizeBytes));
  }

  /** Writes to where the file stands. */
  public long write(Process process, int fd, long userPtr, long sizeBytes) {
    return call(process, () -> files.write(process.caller(), fd, userPtr, sizeBytes));
  }

  /** Reads at {@code position}, wherever the file stands. */
  public long pread(Process process, int fd, long userPtr, long sizeBytes, long position) {
    return call(process, () -> files.pread(process.caller(), fd, userPtr, sizeBytes, position));
  }

  /** Writes at {@code position}, wherever the file stands. */
  public long pwrite(Process process, int fd, long userPtr, long sizeBytes, long position) {
    return call(process, () -> files.pwrite(process.caller(), fd, userPtr, sizeBytes, position));
  }

  /** Runs a driver's command. */
  public long ioctl(Process process, int fd, int cmd, long arg) {
    return process.isHosted()
        ? scheduler.callAs(process.context(), () -> ioctlHere(process, fd, cmd, arg))
        : ioctlHere(process, fd, cmd, arg);
  }

  /** The same for a 32-bit process. Kernel: {@code compat_sys_ioctl()}. */
  public long compatIoctl(Process process, int fd, int cmd, long arg) {
    return call(process, () -> files.compatIoctl(process.caller(), fd, cmd, arg));
  }

  /** As {@link #callHere}, spelled out, because this is the hot one: it allocates nothing. */
  private long ioctlHere(Process process, int fd, int cmd, long arg) {
    if (processes.endIfDead(process)) {
      return ESRCH.asReturnValue();
    }
    enter(process);
    long result;
    try {
      result = files.ioctl(process.caller(), fd, cmd, arg);
    } catch (ErrnoException e) {
      result = number(e);
    }
    return leave(process, result);
  }

  /** Waits until one of {@code count} files is ready: see {@link FileCalls#poll}. */
  public long poll(Process process, long fdsPtr, int count, int timeoutMs) {
    return call(process, () -> files.poll(process.caller(), fdsPtr, count, timeoutMs));
  }

  // ---- memory

  /**
   * Maps memory of its own, or a file's. The kernel chooses the address.
   *
   * @param prot a mask of {@link org.smmulator.kernel.mm.Prot}
   * @param flags one of {@link #MAP_SHARED} (files) and {@link #MAP_PRIVATE} (anonymous)
   * @return the address
   */
  public long mmap(Process process, long sizeBytes, int prot, int flags, int fd, long offset) {
    return call(
        process,
        () -> {
          if (flags == (MAP_PRIVATE | MAP_ANONYMOUS)) {
            return process.mm().mmapAnonymous(sizeBytes, prot);
          }
          OpenFile file = process.caller().files().file(fd);
          if (flags != MAP_SHARED || sizeBytes <= 0) {
            throw EINVAL.because("mmap of 0x%x bytes with flags 0x%x", sizeBytes, flags);
          }
          if (!file.isReadable() || ((prot & Prot.WRITE) != 0 && !file.isWritable())) {
            throw EACCES.because("fd %d is not open for that", fd);
          }
          VmaBacking backing = file.operations().mmap(process.caller(), offset, sizeBytes);
          return process.mm().mmap(sizeBytes, prot, new FileMapping(file, backing), 0, file.path());
        });
  }

  /**
   * Maps memory of its own at {@code va}, where nothing may be: {@code MAP_FIXED_NOREPLACE}.
   *
   * @param prot a mask of {@link org.smmulator.kernel.mm.Prot}
   * @return the address
   */
  public long mmapAt(Process process, long va, long sizeBytes, int prot) {
    return call(
        process,
        () -> {
          process.mm().mmapAnonymousAt(va, sizeBytes, prot);
          return va;
        });
  }

  /** Takes back what is mapped there. */
  public long munmap(Process process, long va, long sizeBytes) {
    return call(
        process,
        () -> {
          process.mm().munmap(va, sizeBytes);
          return 0;
        });
  }

  // ---- processes

  /**
   * Starts a child with a copy of the memory, sharing the open files; it runs {@code body}.
   *
   * @return the child's pid
   */
  public long fork(Process process, Consumer<Process> body) {
    return call(process, () -> processes.fork(process, body).pid());
  }

  /**
   * Sends a signal: 0 only looks, and the others do what they do to a process that handles none:
   * they end it, but those of {@code SIG_KERNEL_IGNORE_MASK}. Stops are not modelled. Only root may
   * signal another user's process. Kernel: {@code check_kill_permission()} in {@code
   * kernel/signal.c}.
   */
  public long kill(Process process, int pid, int signal) {
    return call(
        process,
        () -> {
          Process victim = processes.find(pid);
          if (victim == null) {
            throw ESRCH.because("no process %d", pid);
          }
          if (signal < 0 || signal > NSIG || STOPS.contains(signal)) {
            throw EINVAL.because("signal %d", signal);
          }
          if (!process.task().mayReach(victim.task())) {
            throw EPERM.because("%s is another user's", victim);
          }
          if (signal != 0 && !IGNORED.contains(signal)) {
            processes.kill(victim, signal);
          }
          return 0;
        });
  }

  /** Returns the pid. */
  public long getpid(Process process) {
    return call(process, process::pid);
  }

  /** Ends the process. Returns only to a host thread. */
  public void exit(Process process) {
    var _ =
        call(
            process,
            () -> {
              processes.kill(process, 0); // and the exit of this call is its last
              return 0;
            });
  }

  // ---- the way in and out

  /** A system call's work. */
  private interface Body {
    long run() throws ErrnoException;
  }

  private long call(Process process, Body body) {
    return process.isHosted()
        ? scheduler.callAs(process.context(), () -> callHere(process, body))
        : callHere(process, body);
  }

  private long callHere(Process process, Body body) {
    if (processes.endIfDead(process)) {
      return ESRCH.asReturnValue();
    }
    enter(process);
    long result;
    try {
      result = body.run();
    } catch (ErrnoException e) {
      result = number(e);
    }
    return leave(process, result);
  }

  private void enter(Process process) {
    process.calls++;
    scheduler.consume(costs.entryNs());
    scheduler.point();
  }

  private long leave(Process process, long result) {
    scheduler.consume(costs.exitNs());
    scheduler.point();
    process.calls--;
    processes.endIfKilled(process);
    return result;
  }

  private static long number(ErrnoException e) {
    return (e.errno() == ERESTARTSYS ? EINTR : e.errno()).asReturnValue();
  }
}
