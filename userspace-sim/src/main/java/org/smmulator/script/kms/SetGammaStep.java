package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmMode;

/** {@code setgamma}: {@code DRM_IOCTL_MODE_SETGAMMA}. */
final class SetGammaStep extends CrtcStep {
  private static final int COLORS = 3;

  private final FormField<ImmutableList<Long>> entries =
      required(
          "entries",
          FieldType.listOf(Scalar.between(0, 65535), "[0, 32768, 65535]"),
          "The ramp of each colour.");

  SetGammaStep() {
    super("setgamma", "Sets the gamma ramp, the same for each colour.");
  }

  @Override
  @Nullable Object run(Step step, LibDrmMode card, int crtcId, ProcessRun process)
      throws ErrnoException {
    int size = step.get(entries).size();
    short[] ramp = new short[COLORS * size];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = step.get(entries).get(i % size).shortValue();
    }
    new LibDrmCrtc(card.drm()).setGamma(crtcId, ramp);
    return null;
  }

  @Override
  protected String words(Step step) {
    return "sets the gamma ramp of %s".formatted(crtcWords(step));
  }
}
