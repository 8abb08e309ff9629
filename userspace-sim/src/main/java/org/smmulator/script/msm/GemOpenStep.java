package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code gem_open}: {@code DRM_IOCTL_GEM_OPEN}. */
final class GemOpenStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU, a card node.");
  private final FormField<Ref<Long>> name =
      required("name", Ref.to(Kind.NUMBER), "The name, of gem_flink.");

  GemOpenStep() {
    super("gem_open", "Makes a buffer of a name for everybody.", MsmVocabulary.BUFFER);
  }

  @Override
  protected MsmBuffer run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    long number = process.find(step.get(name));
    return MsmDevice.of(process.own(step.get(fd))).openByName((int) number);
  }

  @Override
  protected String words(Step step) {
    return "opens %s%s".formatted(step.get(name), step.asWords());
  }
}
