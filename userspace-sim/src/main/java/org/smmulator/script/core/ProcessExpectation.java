package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.FatalSignal;

/** {@code process}: another process ends, by itself or of a signal; waits until it has. */
final class ProcessExpectation extends ExpectationType {
  private final FormField<String> process =
      required("process", FieldType.process(), "The process.");
  private final FormField<Long> exits =
      optional("exits", Scalar.between(0, 255), "The number that it exits with.");
  private final FormField<Integer> dies =
      optional("dies", FieldType.signal(), "The signal that it dies of.");

  ProcessExpectation() {
    super("process", "Another process ends, by itself or of a signal.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if ((args.find(exits) == null) == (args.find(dies) == null)) {
      throw args.wrong(
          "a process either exits or dies", "say 'exits: 0' or 'dies: SIGKILL', not both");
    }
  }

  @Override
  protected void check(Args args, ProcessRun observer) throws FailedExpectation {
    ProcessRun.Ending ending = observer.awaitEnd(args.get(process));
    FailedExpectation.unless(
        ending != null && ending.equals(wanted(args, ending)),
        "%s %s".formatted(args.get(process), how(args)),
        ending == null ? "it was never started" : ending.toString());
  }

  private ProcessRun.Ending wanted(Args args, ProcessRun.Ending found) {
    Integer signal = args.find(dies);
    return signal == null
        ? new ProcessRun.Ending(0, (int) (long) args.get(exits))
        : new ProcessRun.Ending(signal, found.status());
  }

  private String how(Args args) {
    @Nullable Integer signal = args.find(dies);
    return signal == null
        ? "to exit with " + args.get(exits)
        : "to die of " + FatalSignal.nameOf(signal);
  }

  @Override
  protected String words(Args args) {
    Integer signal = args.find(dies);
    return "sees that %s %s"
        .formatted(
            args.get(process),
            signal == null
                ? "has exited with " + args.get(exits)
                : "has died of " + FatalSignal.nameOf(signal));
  }
}
