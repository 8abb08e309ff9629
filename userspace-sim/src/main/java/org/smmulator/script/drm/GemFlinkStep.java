package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.GemBuffer;

/** {@code gem_flink}: {@code DRM_IOCTL_GEM_FLINK}. */
final class GemFlinkStep extends StepType {
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer, of a card node.");

  GemFlinkStep() {
    super("gem_flink", "Gives a buffer a name for everybody.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    GemBuffer named = process.own(step.get(buffer));
    return (long) named.drm().flink(named.handle());
  }

  @Override
  protected String words(Step step) {
    return "names %s for everybody%s".formatted(step.get(buffer), step.asWords());
  }
}
