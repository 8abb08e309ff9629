package org.smmulator.script.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.exynos.ExynosGemInfo;
import org.smmulator.userspace.exynos.ExynosBuffer;

/** {@code gem_get}: {@code DRM_IOCTL_EXYNOS_GEM_GET}. */
final class GemGetStep extends StepType {
  private final FormField<Ref<ExynosBuffer>> buffer =
      required("buffer", Ref.own(ExynosVocabulary.BUFFER), "The buffer.");
  private final FormField<Item> info =
      required("info", FieldType.oneOf(Item.class), "The number to ask for.");

  GemGetStep() {
    super("gem_get", "Asks how a buffer of an Exynos device was made.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    ExynosGemInfo told = process.own(step.get(buffer)).info();
    return switch (step.get(info)) {
      case SIZE -> told.size();
      case FLAGS -> (long) told.flags();
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of %s".formatted(FieldType.word(step.get(info)), step.get(buffer));
  }

  /** Fields of {@code struct drm_exynos_gem_info}. */
  private enum Item {
    SIZE,
    FLAGS
  }
}
