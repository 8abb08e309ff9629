package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrmMode;

/** {@code addfb2}: {@code DRM_IOCTL_MODE_ADDFB2}, of one plane. */
final class AddFbStep extends StepType {
  private static final int PIXEL_BYTES = 4;

  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer.");
  private final FormField<Long> width =
      required("width", Scalar.between(0, 1 << 20), "Pixels in a row.");
  private final FormField<Long> height = required("height", Scalar.between(0, 1 << 20), "Rows.");
  private final FormField<Fourcc> format =
      optional(
          "format", FieldType.oneOf(Fourcc.class), Fourcc.XRGB8888, "What a pixel is: 32 bits.");

  AddFbStep() {
    super("addfb2", "Makes a framebuffer of a buffer.", KmsVocabulary.FRAMEBUFFER);
  }

  @Override
  protected KmsVocabulary.FramebufferId run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode mode = LibDrmMode.of(process.own(step.get(fd)));
    int columns = (int) (long) step.get(width);
    int rows = (int) (long) step.get(height);
    int id =
        mode.addFb(
            columns,
            rows,
            step.get(format).code,
            process.own(step.get(buffer)).handle(),
            columns * PIXEL_BYTES);
    return new KmsVocabulary.FramebufferId(mode, id, columns, rows);
  }

  @Override
  protected String words(Step step) {
    return "makes a framebuffer of %s%s".formatted(step.get(buffer), step.asWords());
  }

  /** {@code DRM_FORMAT_*}. */
  private enum Fourcc {
    XRGB8888(LibDrmMode.XRGB8888),
    ARGB8888(LibDrmMode.ARGB8888);

    final int code;

    Fourcc(int code) {
      this.code = code;
    }
  }
}
