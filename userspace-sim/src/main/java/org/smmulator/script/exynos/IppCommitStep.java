package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.uapi.exynos.IppTaskTransform;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppRequest;

/** {@code ipp_commit}: {@code DRM_IOCTL_EXYNOS_IPP_COMMIT}. */
final class IppCommitStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Long> ipp =
      optional("ipp", Scalar.between(0, 255), 0L, "The id of the picture processor.");
  private final Picture picture = new Picture();
  private final FormField<Args> from =
      required("from", Form.typeOf(picture, picture.buffer, Picture.EXAMPLE), "What to read.");
  private final FormField<Args> to =
      required("to", Form.typeOf(picture, picture.buffer, Picture.EXAMPLE), "What to make.");
  private final FormField<Long> rotate =
      optional("rotate", Scalar.between(0, 270), 0L, "Degrees to turn it: 0, 90, 180 or 270.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[nonblock]"),
          ImmutableList.of(),
          "DRM_EXYNOS_IPP_FLAG_*.");
  private final FormField<Long> userData =
      optional("user_data", Scalar.NUMBER, 0L, "Handed back in the event.");

  IppCommitStep() {
    super("ipp_commit", "Has a picture processor make one picture of another.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if (args.get(rotate) % 90 != 0) {
      throw args.wrong("a picture is turned by quarters", "use 0, 90, 180 or 270");
    }
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    IppRequest request =
        new IppRequest()
            .buffer(picture.parameter(step.get(from), process, IppCommit.TYPE_SOURCE))
            .buffer(picture.parameter(step.get(to), process, IppCommit.TYPE_DESTINATION))
            .transform(IppTaskTransform.ROTATE_0 << (step.get(rotate) / 90));
    new ExynosIpp(ExynosDevice.of(process.own(step.get(fd))))
        .commit(step.get(ipp).intValue(), mask, request, step.get(userData));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "has picture processor %d make %s of %s"
        .formatted(step.get(ipp), picture.words(step.get(to)), picture.words(step.get(from)));
  }

  /** {@code DRM_EXYNOS_IPP_FLAG_*}. */
  private enum Flag {
    EVENT(IppCommit.EVENT),
    TEST_ONLY(IppCommit.TEST_ONLY),
    NONBLOCK(IppCommit.NONBLOCK);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }

  /** A picture in a buffer. */
  private static final class Picture extends Form {
    static final String EXAMPLE = "{buffer: canvas, format: nv12, width: 64, height: 16}";

    final FormField<Ref<ExynosBuffer>> buffer =
        required("buffer", Ref.own(ExynosVocabulary.BUFFER), "The buffer.");
    final FormField<IppPicture.Format> format =
        optional(
            "format",
            FieldType.oneOf(IppPicture.Format.class),
            IppPicture.Format.XRGB8888,
            "The format.");
    final FormField<Long> width =
        optional("width", Scalar.between(1, 8191), 64L, "Pixels of a line.");
    final FormField<Long> height = optional("height", Scalar.between(1, 8191), 16L, "Lines.");
    final FormField<ImmutableList<Integer>> pitches =
        optional(
            "pitches",
            FieldType.listOf(Scalar.WORD32, "[64, 64]"),
            ImmutableList.of(),
            "Bytes from a line to the next in each plane; left out, as few as can be.");
    final FormField<ImmutableList<Integer>> offsets =
        optional(
            "offsets",
            FieldType.listOf(Scalar.WORD32, "[0, 0x400]"),
            ImmutableList.of(),
            "Bytes before each plane; left out, one plane is behind the other.");

    Picture() {
      super("a picture of ipp_commit", "A picture in a buffer, one plane behind the other.");
    }

    IppTaskBuffer parameter(Args args, ProcessRun process, int type) {
      IppPicture whole =
          new IppPicture(
              process.own(args.get(buffer)),
              args.get(format),
              args.get(width).intValue(),
              args.get(height).intValue());
      IppTaskBuffer fits = whole.asParameter(IppCommit.TASK_BUFFER | type);
      return fits.laidOut(
          replaced(fits.offset(), args.get(offsets)),
          replaced(fits.pitch(), args.get(pitches)),
          fits.modifier());
    }

    private static ImmutableIntArray replaced(
        ImmutableIntArray usual, ImmutableList<Integer> given) {
      int[] planes = usual.toArray();
      for (int plane = 0; plane < Math.min(planes.length, given.size()); plane++) {
        planes[plane] = given.get(plane);
      }
      return ImmutableIntArray.copyOf(planes);
    }

    String words(Args args) {
      return "%s, %d by %d".formatted(args.get(buffer), args.get(width), args.get(height));
    }
  }
}
