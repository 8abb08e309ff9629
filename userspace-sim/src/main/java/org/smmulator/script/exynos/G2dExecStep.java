package org.smmulator.script.exynos;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;

/** {@code g2d_exec}: {@code DRM_IOCTL_EXYNOS_G2D_EXEC}. */
final class G2dExecStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Waiting> waiting =
      optional(
          "mode",
          FieldType.oneOf(Waiting.class),
          Waiting.SYNC,
          "Whether the call returns when the engine is done, or at once.");

  G2dExecStep() {
    super("g2d_exec", "Has the 2D engine run the file's lists.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    ExynosDevice.of(process.own(step.get(fd))).exec(step.get(waiting) == Waiting.ASYNC);
    return null;
  }

  @Override
  protected String words(Step step) {
    return step.get(waiting) == Waiting.SYNC
        ? "has the 2D engine run its lists"
        : "has the 2D engine begin its lists";
  }

  private enum Waiting {
    SYNC,
    ASYNC
  }
}
