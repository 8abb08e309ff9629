package org.smmulator.script.drm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;

/** {@code client_name}: {@code DRM_IOCTL_SET_CLIENT_NAME}. */
final class ClientNameStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<String> name =
      required("name", Scalar.text("a name", "canvas"), "The name in fdinfo.");

  ClientNameStep() {
    super("client_name", "Gives an open file a name for people.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    LibDrm.of(process.own(step.get(fd))).setClientName(step.get(name));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "calls %s %s".formatted(step.get(fd), step.get(name));
  }
}
