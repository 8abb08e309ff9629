package org.smmulator.kernel.process;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.kernel.task.Task;

/**
 * {@code /proc}: a directory for each process that lives, made up when somebody looks.
 *
 * <p>Kernel: {@code fs/proc/base.c}, {@code fs/proc/fd.c}.
 */
public final class ProcFs implements Node.Directory {
  private static final String SELF = "self";

  private final ProcessTable processes;

  /** Makes the directory; it belongs at {@code /proc}. */
  public ProcFs(ProcessTable processes) {
    this.processes = processes;
  }

  @Override
  public ImmutableList<String> names() {
    return Stream.concat(
            Stream.of(SELF), processes.all().stream().map(process -> number(process.pid())))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public @Nullable Node find(String name) {
    if (name.equals(SELF)) {
      return self();
    }
    Integer pid = parse(name);
    Process process = pid == null ? null : processes.find(pid);
    return process == null ? null : directoryOf(process);
  }

  /** A link to the directory of whoever asks. Kernel: {@code proc_self_get_link()}. */
  private @Nullable Node self() {
    Task asking = processes.scheduler().requireCurrent().task();
    return asking == null ? null : new Node.Symlink(number(asking.pid()));
  }

  /**
   * A process's memory and files are shown to who may trace it, so the mode of a process of root's
   * has nothing for others. Kernel: {@code proc_mem_open()}, {@code proc_fdinfo_permission()},
   * which ask {@code ptrace_may_access()}.
   */
  private static Node directoryOf(Process process) {
    String comm = process.task().comm();
    PlainDirectory made = new PlainDirectory(0555);
    var _ = made.add("comm", new Node.TextFile(0444, () -> comm + "\n", null));
    var _ =
        made.add("cmdline", new Node.TextFile(0444, () -> process.task().cmdline() + "\0", null));
    var _ = made.add("status", new Node.TextFile(0444, () -> status(process), null));
    if (process.isInside()) {
      int mode = process.task().isAdmin() ? 0500 : 0555;
      var _ = made.add("maps", text(mode, process.mm()::maps));
      var _ = made.add("fd", new Fds(process.files(), mode));
      var _ = made.add("fdinfo", new FdInfo(process.files(), mode));
    }
    return made;
  }

  /** Kernel: {@code proc_pid_status()}, of which these lines have something to say here. */
  private static String status(Process process) {
    int pid = process.pid();
    int uid = process.task().uid();
    return String.format(
        Locale.ROOT,
        "Name:\t%s\nTgid:\t%d\nPid:\t%d\nUid:\t%d\t%d\t%d\t%d\n",
        process.task().comm(),
        pid,
        pid,
        uid,
        uid,
        uid,
        uid);
  }

  private static Node text(int directoryMode, Supplier<String> content) {
    return new Node.TextFile(directoryMode & 0444, content, null);
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%d", value);
  }

  private static @Nullable Integer parse(String name) {
    return name.matches("0|[1-9][0-9]{0,8}") ? Integer.valueOf(name) : null;
  }

  private static ImmutableList<String> numbers(FdTable files) {
    return files.descriptors().stream()
        .map(ProcFs::number)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * One link for each descriptor, which tells where it was opened. Kernel: {@code proc_fd_link()}.
   */
  private record Fds(FdTable files, int mode) implements Node.Directory {
    @Override
    public ImmutableList<String> names() {
      return numbers(files);
    }

    @Override
    public @Nullable Node find(String name) {
      Integer fd = parse(name);
      try {
        return fd == null ? null : new Node.Symlink(files.file(fd).path());
      } catch (ErrnoException e) {
        return null; // not open: there is no such name
      }
    }
  }

  /** One text for each descriptor. */
  private record FdInfo(FdTable files, int mode) implements Node.Directory {
    @Override
    public ImmutableList<String> names() {
      return numbers(files);
    }

    @Override
    public @Nullable Node find(String name) {
      Integer fd = parse(name);
      if (fd == null) {
        return null;
      }
      try {
        OpenFile file = files.file(fd);
        return text(mode, () -> show(file));
      } catch (ErrnoException e) {
        return null; // not open: there is no such name
      }
    }

    private static String show(OpenFile file) {
      return String.format(Locale.ROOT, "pos:\t%d\n", file.position()) + file.operations().fdinfo();
    }
  }
}
