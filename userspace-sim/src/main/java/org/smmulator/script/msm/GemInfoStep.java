package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.userspace.msm.MsmBuffer;

/** {@code gem_info}: {@code DRM_IOCTL_MSM_GEM_INFO}. */
final class GemInfoStep extends StepType {
  private final FormField<Ref<MsmBuffer>> buffer =
      required("buffer", Ref.own(MsmVocabulary.BUFFER), "The buffer.");
  private final FormField<Item> info =
      required("info", FieldType.oneOf(Item.class), "The number to ask for.");

  GemInfoStep() {
    super("gem_info", "Asks for a number of a buffer.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return process.own(step.get(buffer)).info(step.get(info).number);
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of %s".formatted(FieldType.word(step.get(info)), step.get(buffer));
  }

  /** {@code MSM_INFO_GET_*}. */
  private enum Item {
    OFFSET(GemInfo.GET_OFFSET),
    IOVA(GemInfo.GET_IOVA),
    FLAGS(GemInfo.GET_FLAGS);

    final int number;

    Item(int number) {
      this.number = number;
    }
  }
}
