package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.userspace.GemBuffer;

/** {@code prime_export}: {@code DRM_IOCTL_PRIME_HANDLE_TO_FD}. */
final class PrimeExportStep extends StepType {
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer.");

  PrimeExportStep() {
    super(
        "prime_export",
        "Makes a descriptor of a buffer, for another open file.",
        DrmVocabulary.DMA_BUF);
  }

  @Override
  protected DrmVocabulary.DmaBufFd run(Step step, ProcessRun process) throws ErrnoException {
    GemBuffer shared = process.own(step.get(buffer));
    int fd = shared.drm().primeHandleToFd(shared.handle(), DrmPrimeHandle.RDWR);
    return new DrmVocabulary.DmaBufFd(fd, shared.sizeBytes());
  }

  @Override
  protected String words(Step step) {
    return "exports %s%s".formatted(step.get(buffer), step.asWords());
  }
}
