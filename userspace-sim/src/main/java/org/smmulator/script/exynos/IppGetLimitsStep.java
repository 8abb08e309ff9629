package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppLimit;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.IppPicture;

/** {@code ipp_get_limits}: {@code DRM_IOCTL_EXYNOS_IPP_GET_LIMITS}. */
final class IppGetLimitsStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Long> ipp =
      optional("ipp", Scalar.between(0, 255), 0L, "The id of the picture processor.");
  private final FormField<IppPicture.Format> format =
      required("format", FieldType.oneOf(IppPicture.Format.class), "The format.");
  private final FormField<Role> type =
      optional("type", FieldType.oneOf(Role.class), Role.SOURCE, "The picture's part in a task.");
  private final FormField<Limit> limit =
      required("limit", FieldType.oneOf(Limit.class), "The limit to look at.");
  private final FormField<Bound> bound =
      optional("bound", FieldType.oneOf(Bound.class), Bound.MAX, "The number to keep, across.");

  IppGetLimitsStep() {
    super("ipp_get_limits", "Asks for a limit of a picture processor.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException, FailedExpectation {
    ExynosIpp library = new ExynosIpp(ExynosDevice.of(process.own(step.get(fd))));
    ImmutableList<IppLimit> told =
        library.limits(step.get(ipp).intValue(), step.get(format).fourcc(), step.get(type).bit);
    for (IppLimit each : told) {
      if (each.type() == step.get(limit).number) {
        return switch (step.get(bound)) {
          case MIN -> (long) each.h().min();
          case MAX -> (long) each.h().max();
          case ALIGN -> (long) each.h().align();
        };
      }
    }
    throw new FailedExpectation(
        "a limit of that kind", "there are %d others".formatted(told.size()));
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of the %s limit of picture processor %d"
        .formatted(FieldType.word(step.get(bound)), FieldType.word(step.get(limit)), step.get(ipp));
  }

  /** {@code DRM_EXYNOS_IPP_FORMAT_*}. */
  private enum Role {
    SOURCE(IppFormat.SOURCE),
    DESTINATION(IppFormat.DESTINATION);

    final int bit;

    Role(int bit) {
      this.bit = bit;
    }
  }

  /** {@code DRM_EXYNOS_IPP_LIMIT_*}. */
  private enum Limit {
    BUFFER(IppLimit.SIZE | IppLimit.SIZE_BUFFER),
    AREA(IppLimit.SIZE | IppLimit.SIZE_AREA),
    ROTATED(IppLimit.SIZE | IppLimit.SIZE_ROTATED),
    SCALE(IppLimit.SCALE);

    final int number;

    Limit(int number) {
      this.number = number;
    }
  }

  private enum Bound {
    MIN,
    MAX,
    ALIGN
  }
}
