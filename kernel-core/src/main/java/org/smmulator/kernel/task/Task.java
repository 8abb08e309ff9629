package org.smmulator.kernel.task;

import com.google.common.io.BaseEncoding;
import java.util.ArrayList;
import java.util.List;

/**
 * The identity of a process: its id, its name, its capabilities, and whether it died.
 *
 * <p>Kernel: the identity part of {@code struct task_struct}. A task needs no context of its own:
 * each system call for it brings one.
 */
public final class Task {
  /** Kernel: {@code esc} of {@code kstrdup_quotable()}, lib/string_helpers.c. */
  private static final String ESCAPED = "\f\n\r\t\u000b\u0007\u001b\\\"";

  private final int pid;
  private final boolean admin;
  private final String cmdline;
  private final List<Runnable> deathListeners = new ArrayList<>();
  private String comm;
  private boolean killed;
  private int fatalSignal;
  private boolean dead;

  /**
   * Makes a live task.
   *
   * @param comm its name; the kernel keeps 15 characters
   * @param admin whether it holds {@code CAP_SYS_ADMIN} and the rest of root's capabilities
   */
  public Task(int pid, String comm, boolean admin) {
    this.pid = pid;
    this.comm = truncate(comm);
    this.cmdline = comm;
    this.admin = admin;
  }

  public int pid() {
    return pid;
  }

  public String comm() {
    return comm;
  }

  public void setComm(String name) {
    comm = truncate(name);
  }

  /** The command line that it was started with, which {@link #setComm} leaves alone. */
  public String cmdline() {
    return cmdline;
  }

  /**
   * The command line as a message may show it: what would break its line or its quotes is written
   * {@code \\xhh}. Kernel: {@code kstrdup_quotable_cmdline()}.
   */
  public String quotableCmdline() {
    StringBuilder quoted = new StringBuilder(cmdline.length());
    for (int i = 0; i < cmdline.length(); i++) {
      char c = cmdline.charAt(i);
      if (ESCAPED.indexOf(c) < 0) {
        quoted.append(c);
      } else {
        quoted
            .append("\\x")
            .append(BaseEncoding.base16().lowerCase().encode(new byte[] {(byte) c}));
      }
    }
    return quoted.toString();
  }

  public boolean isAdmin() {
    return admin;
  }

  /** The number of the user: root's, or that of the one beside root. */
  public int uid() {
    return admin ? 0 : 1000;
  }

  /**
   * Returns whether this task may signal and look into {@code other}: it is root's, or both are the
   * same user's, of whom there is one beside root. Kernel: {@code kill_ok_by_cred()}, {@code
   * ptrace_may_access()}.
   */
  public boolean mayReach(Task other) {
    return admin || !other.admin;
  }

  /**
   * Returns whether a fatal signal is pending: interruptible waits end, and the process ends at the
   * next exit from a system call.
   */
  public boolean isKilled() {
    return killed;
  }

  /**
   * Returns the number of the signal that ends or ended the task; 0 if none did, as when it exits.
   */
  public int fatalSignal() {
    return fatalSignal;
  }

  /** Notes the signal that is about to end the task. Kernel: {@code complete_signal()}. */
  public void setFatalSignal(int signal) {
    fatalSignal = signal;
  }

  /** Returns whether the task is gone. */
  public boolean isDead() {
    return dead;
  }

  /** Tells {@code listener} once, when the task dies. */
  public void onDeath(Runnable listener) {
    deathListeners.add(listener);
  }

  /** Forgets {@code listener}; no effect if it was never added or has been told. */
  public void removeDeathListener(Runnable listener) {
    deathListeners.remove(listener);
  }

  /** Marks the task as having a fatal signal; {@link Scheduler#kill} also ends its wait. */
  void markKilled() {
    killed = true;
  }

  /** Marks the task dead and tells the listeners, in the order in which they came. */
  public void markDead() {
    dead = true;
    List<Runnable> listeners = List.copyOf(deathListeners);
    deathListeners.clear();
    listeners.forEach(Runnable::run);
  }

  @Override
  public String toString() {
    return comm + "[" + pid + "]";
  }

  private static String truncate(String name) {
    return name.length() <= 15 ? name : name.substring(0, 15);
  }
}
