package org.smmulator.script;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.Dmesg;

/** Compares what a scenario says with what is. */
final class ExpectationCheck {
  private final ProcessRun process;
  private final ScenarioRun run;

  ExpectationCheck(ProcessRun process, ScenarioRun run) {
    this.process = process;
    this.run = run;
  }

  void check(Expectation expectation) throws ErrnoException, FailedExpectation {
    switch (expectation) {
      case Expectation.Memory memory -> {
        int found = process.load(memory.at());
        require(
            found == memory.value(),
            "%s to be 0x%x".formatted(memory.at(), memory.value()),
            "it is 0x%x".formatted(found));
      }
      case Expectation.Iova iova -> {
        long mine = process.iova(new Address(iova.buffer().place(), iova.buffer(), 0));
        long other = process.iova(iova.equalTo());
        require(
            mine == other,
            "%s to be where %s is, at iova 0x%x".formatted(iova.buffer(), iova.equalTo(), other),
            "it is at iova 0x%x".formatted(mine));
      }
      case Expectation.Fence fence -> {
        boolean signalled = process.isSignalled(fence.job(), fence.signalled());
        require(
            signalled == fence.signalled(),
            "the fence of %s to be %s".formatted(fence.job(), word(fence.signalled())),
            "it is " + word(signalled));
      }
      case Expectation.Value value -> {
        long found = process.find(value.number(), Result.Value.class).value();
        require(
            found == value.value(),
            "%s to be 0x%x".formatted(value.number(), value.value()),
            "it is 0x%x".formatted(found));
      }
      case Expectation.Dmesg dmesg -> checkLog(dmesg, run.machine().dmesg());
    }
  }

  private static String word(boolean signalled) {
    return signalled ? "signalled" : "pending";
  }

  /** Looks for a text in the kernel log. */
  static void checkLog(Expectation.Dmesg expected, Dmesg log) throws FailedExpectation {
    long found = log.lines().stream().filter(l -> l.text().contains(expected.text())).count();
    Integer times = expected.times();
    boolean met = times == null ? found > 0 : found == times;
    String howOften = times == null ? "at least one line" : "%d lines".formatted(times);
    require(
        met,
        "%s of dmesg with '%s'".formatted(howOften, expected.text()),
        "there are %d".formatted(found));
  }

  private static void require(boolean met, String expected, String actual)
      throws FailedExpectation {
    if (!met) {
      throw new FailedExpectation(expected, actual);
    }
  }
}
