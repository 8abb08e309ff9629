package org.smmulator.script.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code wait}: {@code DRM_IOCTL_MSM_WAIT_FENCE}. */
final class WaitStep extends StepType {
  private static final long DEFAULT_TIMEOUT_NS = 1_000_000_000;

  private final FormField<Ref<SubmittedJob>> fence =
      required("fence", Ref.own(MsmVocabulary.JOB), "The job.");
  private final FormField<Long> timeout =
      optional(
          "timeout", Scalar.DURATION, DEFAULT_TIMEOUT_NS, "How long at most, in virtual time.");

  WaitStep() {
    super("wait", "Waits until a job's fence has signalled.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process.own(step.get(fence)).await(step.get(timeout), process);
    return null;
  }

  @Override
  protected String words(Step step) {
    return step.errno() == null
        ? step.get(fence) + " has signalled"
        : "waits for " + step.get(fence);
  }
}
