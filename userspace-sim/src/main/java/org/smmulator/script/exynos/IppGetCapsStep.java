package org.smmulator.script.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;

/** {@code ipp_get_caps}: {@code DRM_IOCTL_EXYNOS_IPP_GET_CAPS}. */
final class IppGetCapsStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Long> ipp =
      optional("ipp", Scalar.between(0, 255), 0L, "The id of the picture processor.");
  private final FormField<Item> what =
      optional("what", FieldType.oneOf(Item.class), Item.CAPABILITIES, "The number to keep.");

  IppGetCapsStep() {
    super("ipp_get_caps", "Asks what a picture processor can.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    ExynosIpp library = new ExynosIpp(ExynosDevice.of(process.own(step.get(fd))));
    IppGetCaps told = library.getCaps(new IppGetCaps(step.get(ipp).intValue(), 0, 0, 0, 0));
    return switch (step.get(what)) {
      case CAPABILITIES -> (long) told.capabilities();
      case FORMATS -> (long) told.formatsCount();
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of picture processor %d"
        .formatted(FieldType.word(step.get(what)), step.get(ipp));
  }

  /** The capabilities as a mask, or how many formats there are. */
  private enum Item {
    CAPABILITIES,
    FORMATS
  }
}
