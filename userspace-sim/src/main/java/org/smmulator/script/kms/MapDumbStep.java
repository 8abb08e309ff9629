package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrmMode;

/** {@code map_dumb}: {@code DRM_IOCTL_MODE_MAP_DUMB}. */
final class MapDumbStep extends StepType {
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer.");

  MapDumbStep() {
    super("map_dumb", "Asks where in the file a buffer can be mapped.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    GemBuffer found = process.own(step.get(buffer));
    return new LibDrmMode(found.drm()).mapDumb(found.handle());
  }

  @Override
  protected String words(Step step) {
    return "asks where to map %s%s".formatted(step.get(buffer), step.asWords());
  }
}
