package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeSetPlane;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code plane_off}: {@code DRM_IOCTL_MODE_SETPLANE} without a framebuffer. */
final class PlaneOffStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Long> overlay =
      optional("overlay", Scalar.between(0, 31), 0L, "Which of the overlays, from 0.");

  PlaneOffStep() {
    super("plane_off", "Turns an overlay off, and waits for a frame.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    int plane = KmsObject.OVERLAY.find(card, step.get(overlay));
    card.setPlane(new ModeSetPlane(plane, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "turns overlay %d off".formatted(step.get(overlay));
  }
}
