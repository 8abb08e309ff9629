package org.smmulator.script.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.exynos.ExynosBuffer;

/** {@code gem_map}: {@code DRM_IOCTL_EXYNOS_GEM_MAP}. */
final class GemMapStep extends StepType {
  private final FormField<Ref<ExynosBuffer>> buffer =
      required("buffer", Ref.own(ExynosVocabulary.BUFFER), "The buffer.");

  GemMapStep() {
    super("gem_map", "Asks for the offset at which a buffer can be mapped.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return process.own(step.get(buffer)).mmapOffset();
  }

  @Override
  protected String words(Step step) {
    return "asks where %s can be mapped".formatted(step.get(buffer));
  }
}
