package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;

/** {@code get_cap}: {@code DRM_IOCTL_GET_CAP}. */
final class GetCapStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Cap> cap = required("cap", FieldType.oneOf(Cap.class), "DRM_CAP_*.");

  GetCapStep() {
    super("get_cap", "Asks what a device can do.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return LibDrm.of(process.own(step.get(fd))).getCap(step.get(cap).number);
  }

  @Override
  protected String words(Step step) {
    return "asks for %s%s".formatted(FieldType.word(step.get(cap)), step.asWords());
  }

  /** {@code DRM_CAP_*}. */
  private enum Cap {
    DUMB_BUFFER(DrmGetCap.DUMB_BUFFER),
    VBLANK_HIGH_CRTC(DrmGetCap.VBLANK_HIGH_CRTC),
    DUMB_PREFERRED_DEPTH(DrmGetCap.DUMB_PREFERRED_DEPTH),
    DUMB_PREFER_SHADOW(DrmGetCap.DUMB_PREFER_SHADOW),
    PRIME(DrmGetCap.PRIME),
    TIMESTAMP_MONOTONIC(DrmGetCap.TIMESTAMP_MONOTONIC),
    ASYNC_PAGE_FLIP(DrmGetCap.ASYNC_PAGE_FLIP),
    CURSOR_WIDTH(DrmGetCap.CURSOR_WIDTH),
    CURSOR_HEIGHT(DrmGetCap.CURSOR_HEIGHT),
    ADDFB2_MODIFIERS(DrmGetCap.ADDFB2_MODIFIERS),
    PAGE_FLIP_TARGET(DrmGetCap.PAGE_FLIP_TARGET),
    CRTC_IN_VBLANK_EVENT(DrmGetCap.CRTC_IN_VBLANK_EVENT),
    SYNCOBJ(DrmGetCap.SYNCOBJ),
    SYNCOBJ_TIMELINE(DrmGetCap.SYNCOBJ_TIMELINE),
    ATOMIC_ASYNC_PAGE_FLIP(DrmGetCap.ATOMIC_ASYNC_PAGE_FLIP);

    final long number;

    Cap(long number) {
      this.number = number;
    }
  }
}
