package org.smmulator.script.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.exynos.G2dGetVer;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;

/** {@code g2d_get_ver}: {@code DRM_IOCTL_EXYNOS_G2D_GET_VER}. */
final class G2dGetVerStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Part> part =
      optional("part", FieldType.oneOf(Part.class), Part.MAJOR, "The number to keep.");

  G2dGetVerStep() {
    super("g2d_get_ver", "Asks for the version of the 2D engine.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    G2dGetVer version = ExynosDevice.of(process.own(step.get(fd))).g2dVersion();
    return switch (step.get(part)) {
      case MAJOR -> (long) version.major();
      case MINOR -> (long) version.minor();
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the version of the 2D engine";
  }

  /** Fields of {@code struct drm_exynos_g2d_get_ver}. */
  private enum Part {
    MAJOR,
    MINOR
  }
}
