package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrmMode;

/** {@code create_dumb}: {@code DRM_IOCTL_MODE_CREATE_DUMB}, 32 bits a pixel. */
final class CreateDumbStep extends StepType {
  private static final int BITS = 32;

  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Long> width =
      required("width", Scalar.between(0, 1 << 20), "Pixels in a row.");
  private final FormField<Long> height = required("height", Scalar.between(0, 1 << 20), "Rows.");
  private final FormField<Long> color =
      optional("color", Scalar.NUMBER, 0L, "What to fill it with, 0xAARRGGBB; 0 leaves it black.");

  CreateDumbStep() {
    super("create_dumb", "Makes a buffer for a picture that the CPU draws.", DrmVocabulary.GEM);
  }

  @Override
  protected DumbBuffer run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode mode = LibDrmMode.of(process.own(step.get(fd)));
    DumbBuffer made =
        mode.createDumb((int) (long) step.get(width), (int) (long) step.get(height), BITS);
    if (step.get(color) != 0) {
      for (long at = 0; at < made.sizeBytes(); at += Integer.BYTES) {
        made.store32(at, (int) (long) step.get(color));
      }
    }
    return made;
  }

  @Override
  protected String words(Step step) {
    return "makes a picture of %dx%d%s"
        .formatted(step.get(width), step.get(height), step.asWords());
  }
}
