package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** A step that asks something of a CRTC of an open card. */
abstract class CrtcStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Long> crtc =
      optional("crtc", Scalar.between(0, 31), 0L, "Which of its CRTCs, from 0.");

  CrtcStep(String keyword, String sentence) {
    super(keyword, sentence);
  }

  CrtcStep(String keyword, String sentence, Kind<?> yields) {
    super(keyword, sentence, yields);
  }

  abstract @Nullable Object run(Step step, LibDrmMode card, int crtcId, ProcessRun process)
      throws ErrnoException;

  @Override
  protected final @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    return run(step, card, KmsObject.CRTC.find(card, step.get(crtc)), process);
  }

  /** The CRTC as a story tells it: {@code CRTC 0 of card}. */
  final String crtcWords(Step step) {
    return "CRTC %d of %s".formatted(step.get(crtc), step.get(fd));
  }
}
