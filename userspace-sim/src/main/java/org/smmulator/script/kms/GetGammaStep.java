package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmMode;

/** {@code getgamma}: {@code DRM_IOCTL_MODE_GETGAMMA}. */
final class GetGammaStep extends CrtcStep {
  private final FormField<Long> size =
      required("size", Scalar.between(0, 4096), "The entries of a colour.");
  private final FormField<Long> entry =
      optional("entry", Scalar.between(0, 4095), 0L, "Which entry of red to look at.");

  GetGammaStep() {
    super("getgamma", "Reads the gamma ramp; yields an entry, or 0 of none.", Kind.NUMBER);
  }

  @Override
  Long run(Step step, LibDrmMode card, int crtcId, ProcessRun process) throws ErrnoException {
    short[] ramp = new LibDrmCrtc(card.drm()).gamma(crtcId, (int) (long) step.get(size));
    int at = (int) (long) step.get(entry);
    return at < ramp.length ? Short.toUnsignedLong(ramp[at]) : 0L;
  }

  @Override
  protected String words(Step step) {
    return "reads the gamma ramp of %s%s".formatted(crtcWords(step), step.asWords());
  }
}
