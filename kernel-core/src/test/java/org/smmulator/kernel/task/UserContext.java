package org.smmulator.kernel.task;

/** Code of a test that runs as a process's context. */
public final class UserContext {
  /** The code. */
  public interface Body {
    void run() throws Exception;
  }

  private UserContext() {}

  /** Runs {@code body}, and everything else until there is nothing left to do. */
  public static void run(Scheduler scheduler, Body body) {
    var _ =
        scheduler.spawnUser(
            new Task(100, "test", false),
            () -> {
              try {
                body.run();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    var _ = scheduler.run(() -> false);
  }
}
