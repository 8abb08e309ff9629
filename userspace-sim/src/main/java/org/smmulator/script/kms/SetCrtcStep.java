package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.LibDrmMode;

/** {@code setcrtc}: {@code DRM_IOCTL_MODE_SETCRTC}. */
final class SetCrtcStep extends StepType {
  private static final int CLOCK_KHZ = 100_000;
  private static final int SYNC = 8;

  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "What to show.");

  SetCrtcStep() {
    super("setcrtc", "Shows a framebuffer in a mode of its size, and waits for the first frame.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId shown = process.own(step.get(fb));
    LibDrmMode.Resources has = shown.mode().resources();
    int connector = has.connectors().getFirst();
    shown.mode().setCrtc(has.crtcs().getFirst(), shown.id(), connector, modeFor(shown, connector));
    return null;
  }

  /** The connector's own mode if it has that size, else one made up, which every link passes. */
  private static ModeInfo modeFor(KmsVocabulary.FramebufferId shown, int connector)
      throws ErrnoException {
    for (ModeInfo mode : shown.mode().connector(connector).modes()) {
      if (mode.hdisplay() == shown.width() && mode.vdisplay() == shown.height()) {
        return mode;
      }
    }
    int width = shown.width();
    int height = shown.height();
    return new ModeInfo(
        CLOCK_KHZ,
        width,
        width + SYNC,
        width + 2 * SYNC,
        width + 3 * SYNC,
        0,
        height,
        height + SYNC,
        height + 2 * SYNC,
        height + 3 * SYNC,
        0,
        0,
        0,
        ModeInfo.TYPE_USERDEF,
        width + "x" + height);
  }

  @Override
  protected String words(Step step) {
    return "shows %s".formatted(step.get(fb));
  }
}
