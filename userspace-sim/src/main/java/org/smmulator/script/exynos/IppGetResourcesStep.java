package org.smmulator.script.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;

/** {@code ipp_get_resources}: {@code DRM_IOCTL_EXYNOS_IPP_GET_RESOURCES}. */
final class IppGetResourcesStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");

  IppGetResourcesStep() {
    super("ipp_get_resources", "Counts the picture processors.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    ExynosDevice device = ExynosDevice.of(process.own(step.get(fd)));
    return (long) new ExynosIpp(device).processors().length();
  }

  @Override
  protected String words(Step step) {
    return "counts the picture processors";
  }
}
