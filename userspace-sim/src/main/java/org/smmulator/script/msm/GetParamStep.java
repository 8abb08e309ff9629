package org.smmulator.script.msm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code get_param}: {@code DRM_IOCTL_MSM_GET_PARAM}. */
final class GetParamStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Param> param =
      required("param", FieldType.oneOf(Param.class), "The parameter.");

  GetParamStep() {
    super("get_param", "Asks the driver for a parameter of the GPU.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return MsmDevice.of(process.own(step.get(fd))).param(step.get(param).number);
  }

  @Override
  protected String words(Step step) {
    return "asks for %s%s".formatted(FieldType.word(step.get(param)), step.asWords());
  }

  /** {@code MSM_PARAM_*}, as far as it can be read. */
  private enum Param {
    GPU_ID(MsmParam.GPU_ID),
    GMEM_SIZE(MsmParam.GMEM_SIZE),
    CHIP_ID(MsmParam.CHIP_ID),
    MAX_FREQ(MsmParam.MAX_FREQ),
    TIMESTAMP(MsmParam.TIMESTAMP),
    GMEM_BASE(MsmParam.GMEM_BASE),
    PRIORITIES(MsmParam.PRIORITIES),
    PP_PGTABLE(MsmParam.PP_PGTABLE),
    FAULTS(MsmParam.FAULTS),
    SUSPENDS(MsmParam.SUSPENDS),
    VA_START(MsmParam.VA_START),
    VA_SIZE(MsmParam.VA_SIZE);

    final int number;

    Param(int number) {
      this.number = number;
    }
  }
}
