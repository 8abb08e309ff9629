package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;

/** {@code fence}: a job's fence has signalled by now, or has not. */
final class FenceExpectation extends ExpectationType {
  private final FormField<Ref<SubmittedJob>> job =
      required("fence", Ref.to(MsmVocabulary.JOB), "The job.");
  private final FormField<State> state =
      required("is", FieldType.oneOf(State.class), "The state of its fence.");

  FenceExpectation() {
    super("fence", "A job's fence has signalled, or has not.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    boolean expected = args.get(state) == State.SIGNALLED;
    boolean signalled = isSignalled(args.get(job), expected, process);
    FailedExpectation.unless(
        signalled == expected,
        "the fence of %s to be %s".formatted(args.get(job), FieldType.word(args.get(state))),
        "it is " + FieldType.word(signalled ? State.SIGNALLED : State.PENDING));
  }

  /** For another process's job: whether that process has seen it signalled. */
  private static boolean isSignalled(Ref<SubmittedJob> ref, boolean expected, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    SubmittedJob found = process.find(ref);
    if (ref.process() == null) {
      return found.isSignalled(process);
    }
    if (expected) {
      process.await(ref, found::isSeenSignalled);
    }
    return found.isSeenSignalled();
  }

  @Override
  protected String words(Args args) {
    return "finds %s %s".formatted(args.get(job), FieldType.word(args.get(state)));
  }

  private enum State {
    SIGNALLED,
    PENDING
  }
}
