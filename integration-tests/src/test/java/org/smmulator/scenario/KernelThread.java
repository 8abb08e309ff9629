package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;

import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;

/** Code of a test that runs as a kernel thread of a booted machine. */
public final class KernelThread {
  /** The code of the thread. */
  public interface Body {
    void run() throws Exception;
  }

  private KernelThread() {}

  /** Runs {@code body} to its end, and the machine until nothing is left to do. */
  public static void run(Machine machine, Body body) throws Exception {
    @Nullable Throwable[] failure = new Throwable[1];
    boolean[] done = new boolean[1];
    var _ =
        machine
            .scheduler()
            .spawnKernel(
                "test",
                () -> {
                  try {
                    body.run();
                  } catch (Exception | AssertionError e) {
                    failure[0] = e;
                  }
                  done[0] = true;
                });
    machine.settle();
    switch (failure[0]) {
      case Exception e -> throw e;
      case AssertionError e -> throw e;
      case null, default -> assertThat(done[0]).isTrue();
    }
  }
}
