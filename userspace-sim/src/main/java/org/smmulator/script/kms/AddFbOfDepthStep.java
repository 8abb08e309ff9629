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
import org.smmulator.uapi.drm.mode.ModeFbCmd;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrmFramebuffers;
import org.smmulator.userspace.LibDrmMode;

/** {@code addfb}: {@code DRM_IOCTL_MODE_ADDFB}. */
final class AddFbOfDepthStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer.");
  private final FormField<Long> width =
      required("width", Scalar.between(0, 1 << 20), "Pixels in a row.");
  private final FormField<Long> height = required("height", Scalar.between(0, 1 << 20), "Rows.");
  private final FormField<Long> bpp =
      optional("bpp", Scalar.between(0, 255), 32L, "Bits of a pixel.");
  private final FormField<Long> depth =
      optional("depth", Scalar.between(0, 255), 24L, "Bits of colour in a pixel.");
  private final FormField<Long> pitch =
      optional(
          "pitch",
          Scalar.between(0, 0xffff_ffffL),
          "Bytes from a row to the next; left out, as few as can be.");

  AddFbOfDepthStep() {
    super(
        "addfb",
        "Makes a framebuffer of a buffer, as before there were fourccs.",
        KmsVocabulary.FRAMEBUFFER);
  }

  @Override
  protected KmsVocabulary.FramebufferId run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode mode = LibDrmMode.of(process.own(step.get(fd)));
    int columns = (int) (long) step.get(width);
    int rows = (int) (long) step.get(height);
    int bits = (int) (long) step.get(bpp);
    Long given = step.find(pitch);
    int row = given == null ? columns * (bits / Byte.SIZE) : (int) (long) given;
    int id =
        new LibDrmFramebuffers(mode.drm())
            .add(
                new ModeFbCmd(
                    0,
                    columns,
                    rows,
                    row,
                    bits,
                    (int) (long) step.get(depth),
                    process.own(step.get(buffer)).handle()));
    return new KmsVocabulary.FramebufferId(mode, id, columns, rows);
  }

  @Override
  protected String words(Step step) {
    return "makes a framebuffer of %s, depth %d%s"
        .formatted(step.get(buffer), step.get(depth), step.asWords());
  }
}
