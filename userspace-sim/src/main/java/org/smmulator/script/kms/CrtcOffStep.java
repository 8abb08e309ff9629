package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.userspace.LibDrmMode;

/** {@code crtc_off}: {@code DRM_IOCTL_MODE_SETCRTC} without a mode. */
final class CrtcOffStep extends CrtcStep {
  CrtcOffStep() {
    super("crtc_off", "Turns a display off.");
  }

  @Override
  @Nullable Object run(Step step, LibDrmMode card, int crtcId, ProcessRun process)
      throws ErrnoException {
    card.setCrtc(new ModeCrtc(0, 0, crtcId, 0, 0, 0, 0, 0, ModeOfSize.NONE));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "turns %s off".formatted(crtcWords(step));
  }
}
