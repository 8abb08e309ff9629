package org.smmulator.kernel.process;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileTable;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.task.Context;
import org.smmulator.kernel.task.Task;

/**
 * A process: who it is, its memory, its descriptors. Made by {@link ProcessTable}.
 *
 * <p>A spawned process runs on a thread of its own; a hosted one has none, and whoever makes a
 * system call for it lends one.
 */
@SuppressWarnings("AvoidCommonTypeNames") // it is the word; the JDK's class has no place here
public final class Process {
  private final Task task;
  private final AddressSpace mm;
  private final FileTable files;
  private final boolean hosted;
  private final Caller caller;
  private @Nullable Context context;

  /** Whether code runs for it; who kills a hosted process that does not run must end it too. */
  boolean running;

  Process(Task task, AddressSpace mm, FileTable files, boolean hosted) {
    this.task = task;
    this.mm = mm;
    this.files = files;
    this.hosted = hosted;
    this.caller = new Caller(task, mm, files);
  }

  void runsAs(Context own) {
    context = own;
  }

  public Task task() {
    return task;
  }

  public int pid() {
    return task.pid();
  }

  public AddressSpace mm() {
    return mm;
  }

  public FileTable files() {
    return files;
  }

  /** Whether host threads lend themselves to it. */
  public boolean isHosted() {
    return hosted;
  }

  /** What file operations get to know of it. */
  public Caller caller() {
    return caller;
  }

  /** How it runs. */
  public Context context() {
    Context own = context;
    checkState(own != null, "%s has not started", task);
    return own;
  }

  @Override
  public String toString() {
    return task.toString();
  }
}
