package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.userspace.msm.MsmBuffer;

/** {@code madvise}: {@code DRM_IOCTL_MSM_GEM_MADVISE}. */
final class MadviseStep extends StepType {
  private final FormField<Ref<MsmBuffer>> buffer =
      required("buffer", Ref.own(MsmVocabulary.BUFFER), "The buffer.");
  private final FormField<Advice> advice =
      required("advice", FieldType.oneOf(Advice.class), "What the client says of its bytes.");

  MadviseStep() {
    super(
        "madvise", "Says whether a buffer is needed; 1 if its bytes are still there.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return process.own(step.get(buffer)).madvise(step.get(advice).number) ? 1L : 0L;
  }

  @Override
  protected String words(Step step) {
    return "says %s of %s%s"
        .formatted(FieldType.word(step.get(advice)), step.get(buffer), step.asWords());
  }

  /** {@code MSM_MADV_*}. */
  private enum Advice {
    WILLNEED(GemMadvise.WILLNEED),
    DONTNEED(GemMadvise.DONTNEED);

    final int number;

    Advice(int number) {
      this.number = number;
    }
  }
}
