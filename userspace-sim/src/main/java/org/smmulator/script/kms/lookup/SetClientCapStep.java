package org.smmulator.script.kms.lookup;

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
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code set_client_cap}: {@code DRM_IOCTL_SET_CLIENT_CAP}. */
final class SetClientCapStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Cap> cap =
      required("cap", FieldType.oneOf(Cap.class), "DRM_CLIENT_CAP_*.");
  private final FormField<Long> value =
      optional("value", Scalar.NUMBER, 1L, "Takes it back if it is 0.");

  SetClientCapStep() {
    super("set_client_cap", "Says what the client understands: who says atomic may commit.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode.of(process.own(step.get(fd))).setClientCap(step.get(cap).number, step.get(value));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "understands %s: %d".formatted(FieldType.word(step.get(cap)), step.get(value));
  }

  /** {@code DRM_CLIENT_CAP_*}. */
  private enum Cap {
    STEREO_3D(DrmGetCap.CLIENT_STEREO_3D),
    UNIVERSAL_PLANES(DrmGetCap.CLIENT_UNIVERSAL_PLANES),
    ATOMIC(DrmGetCap.CLIENT_ATOMIC),
    ASPECT_RATIO(DrmGetCap.CLIENT_ASPECT_RATIO),
    WRITEBACK_CONNECTORS(DrmGetCap.CLIENT_WRITEBACK_CONNECTORS),
    CURSOR_PLANE_HOTSPOT(DrmGetCap.CLIENT_CURSOR_PLANE_HOTSPOT),
    PLANE_COLOR_PIPELINE(DrmGetCap.CLIENT_PLANE_COLOR_PIPELINE);

    final long number;

    Cap(long number) {
      this.number = number;
    }
  }
}
