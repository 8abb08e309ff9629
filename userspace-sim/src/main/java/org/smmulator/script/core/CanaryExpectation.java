package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;

/** {@code untouched}: nobody has written where a canary is. */
final class CanaryExpectation extends ExpectationType {
  private final FormField<Ref<Canary>> canary =
      required("untouched", Ref.own(Canary.KIND), "The name of what 'canary' filled.");

  CanaryExpectation() {
    super("untouched", "Nobody has written into a range that the process filled with a canary.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    process.own(args.get(canary)).check(process);
  }

  @Override
  protected String words(Args args) {
    return "finds %s untouched".formatted(args.get(canary));
  }
}
