package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code getplaneresources}: {@code DRM_IOCTL_MODE_GETPLANERESOURCES}. */
final class GetPlaneResourcesStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");

  GetPlaneResourcesStep() {
    super(
        "getplaneresources",
        "Counts the planes: overlays, and with the capability also the others.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return (long) LibDrmMode.of(process.own(step.get(fd))).planes().size();
  }

  @Override
  protected String words(Step step) {
    return "counts the planes of %s%s".formatted(step.get(fd), step.asWords());
  }
}
