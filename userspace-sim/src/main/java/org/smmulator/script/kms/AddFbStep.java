package org.smmulator.script.kms;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
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
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrmMode;

/** {@code addfb2}: {@code DRM_IOCTL_MODE_ADDFB2}. */
final class AddFbStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer.");
  private final FormField<Long> width =
      required("width", Scalar.between(0, 0xffff_ffffL), "Pixels in a row.");
  private final FormField<Long> height =
      required("height", Scalar.between(0, 0xffff_ffffL), "Rows.");
  private final FormField<Fourcc> format =
      optional("format", FieldType.oneOf(Fourcc.class), Fourcc.XRGB8888, "What a pixel is.");
  private final FormField<Long> pitch =
      optional(
          "pitch",
          Scalar.between(0, 0xffff_ffffL),
          "Bytes from a row to the next; left out, as few as can be.");
  private final FormField<Long> offset =
      optional("offset", Scalar.between(0, 0xffff_ffffL), 0L, "Bytes before the picture.");
  private final FormField<Long> modifier =
      optional("modifier", Scalar.NUMBER, "How pixels are laid out; left out, not said.");

  AddFbStep() {
    super(
        "addfb2",
        "Makes a framebuffer of a buffer; a plane of chroma is behind that of luma.",
        KmsVocabulary.FRAMEBUFFER);
  }

  @Override
  protected KmsVocabulary.FramebufferId run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode mode = LibDrmMode.of(process.own(step.get(fd)));
    int columns = (int) (long) step.get(width);
    int rows = (int) (long) step.get(height);
    Fourcc pixels = step.get(format);
    Long given = step.find(pitch);
    int row = given == null ? columns * pixels.pixelBytes : (int) (long) given;
    int handle = process.own(step.get(buffer)).handle();
    int first = (int) (long) step.get(offset);
    Long layout = step.find(modifier);
    boolean two = pixels.hasChroma;
    long tiles = layout == null ? 0 : layout;
    int id =
        mode.addFb(
            new ModeFbCmd2(
                0,
                columns,
                rows,
                pixels.code,
                layout == null ? 0 : ModeFbCmd2.MODIFIERS,
                ImmutableIntArray.of(handle, two ? handle : 0, 0, 0),
                ImmutableIntArray.of(row, two ? row : 0, 0, 0),
                ImmutableIntArray.of(first, two ? first + row * rows : 0, 0, 0),
                ImmutableLongArray.of(tiles, two ? tiles : 0, 0, 0)));
    return new KmsVocabulary.FramebufferId(mode, id, columns, rows);
  }

  @Override
  protected String words(Step step) {
    return "makes a framebuffer of %s%s".formatted(step.get(buffer), step.asWords());
  }

  /** {@code DRM_FORMAT_*}. */
  private enum Fourcc {
    XRGB8888(LibDrmMode.XRGB8888, 4, false),
    ARGB8888(LibDrmMode.ARGB8888, 4, false),
    XRGB1555(0x35315258, 2, false),
    RGB565(0x36314752, 2, false),
    NV12(0x3231564e, 1, true);

    final int code;
    final int pixelBytes;
    final boolean hasChroma;

    Fourcc(int code, int pixelBytes, boolean hasChroma) {
      this.code = code;
      this.pixelBytes = pixelBytes;
      this.hasChroma = hasChroma;
    }
  }
}
