package org.smmulator.script.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code set_param}: {@code DRM_IOCTL_MSM_SET_PARAM}. */
final class SetParamStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Param> param =
      required("param", FieldType.oneOf(Param.class), "The parameter.");
  private final FormField<Long> value = required("value", Scalar.NUMBER, "The value.");

  SetParamStep() {
    super("set_param", "Tells the driver a parameter of the open file.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    MsmDevice.of(process.own(step.get(fd))).setParam(step.get(param).number, step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "sets %s to %d".formatted(FieldType.word(step.get(param)), step.get(value));
  }

  /** {@code MSM_PARAM_*}, as far as it can be set and is a number. */
  private enum Param {
    SYSPROF(MsmParam.SYSPROF),
    EN_VM_BIND(MsmParam.EN_VM_BIND);

    final int number;

    Param(int number) {
      this.number = number;
    }
  }
}
