package org.smmulator.report.exercise;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;

/** A booted machine, and a thread of its kernel that does what a driver would. */
final class Bench {
  /** The work of the thread. */
  @FunctionalInterface
  interface Work<T> {
    T run(Machine machine) throws ErrnoException;
  }

  private Bench() {}

  /** Boots {@code board} and returns what {@code work} does there. */
  static <T> T run(DeviceTree board, Work<T> work) throws BadInputException {
    return run(board, Interposer.none(), work);
  }

  /** The same with a probe in the wires. */
  static <T> T run(DeviceTree board, Interposer wires, Work<T> work) throws BadInputException {
    try (Machine machine = Machine.on(board).interpose(wires).boot()) {
      Result<T> result = new Result<>();
      var _ =
          machine
              .scheduler()
              .spawnKernel(
                  "exercise",
                  () -> {
                    try {
                      result.value = work.run(machine);
                    } catch (ErrnoException e) {
                      result.refused = e;
                    }
                  });
      machine.settle();
      if (result.refused != null) {
        throw new IllegalStateException(result.refused);
      }
      checkState(result.value != null, "the thread has not ended");
      return result.value;
    }
  }

  private static final class Result<T> {
    private @Nullable T value;
    private @Nullable ErrnoException refused;
  }
}
