package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code prime_import}: {@code DRM_IOCTL_PRIME_FD_TO_HANDLE}. */
final class PrimeImportStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Ref<DrmVocabulary.DmaBufFd>> from =
      required("from", Ref.own(DrmVocabulary.DMA_BUF), "The shared buffer.");

  PrimeImportStep() {
    super("prime_import", "Makes a buffer of a shared one.", MsmVocabulary.BUFFER);
  }

  @Override
  protected MsmBuffer run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.DmaBufFd shared = process.own(step.get(from));
    return MsmDevice.of(process.own(step.get(fd)))
        .importBuffer(shared.number(), shared.sizeBytes());
  }

  @Override
  protected String words(Step step) {
    return "imports %s%s".formatted(step.get(from), step.asWords());
  }
}
