package org.smmulator.script.exynos;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.MonitorEdid;

/** {@code vidi_connection}: {@code DRM_IOCTL_EXYNOS_VIDI_CONNECTION}. */
final class VidiConnectionStep extends StepType {
  private static final Scalar<Long> SIDE = Scalar.between(64, 4095);

  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card, of exynos.vidi=y.");
  private final FormField<Long> connection =
      required(
          "connection",
          Scalar.between(0, 1),
          "Whether a monitor is plugged in: 1, or unplugged: 0.");
  private final FormField<Long> width =
      optional("width", SIDE, 1280L, "The pixels of a line of the monitor.");
  private final FormField<Long> height = optional("height", SIDE, 720L, "The monitor's lines.");

  VidiConnectionStep() {
    super("vidi_connection", "Plugs a monitor into the virtual display, or unplugs it.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    ExynosDevice device = ExynosDevice.of(process.own(step.get(fd)));
    if (step.get(connection) == 0) {
      device.unplug();
    } else {
      device.plugIn(MonitorEdid.of(step.get(width).intValue(), step.get(height).intValue()));
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    return step.get(connection) == 0
        ? "unplugs the virtual monitor"
        : "plugs in a virtual monitor of %dx%d".formatted(step.get(width), step.get(height));
  }
}
