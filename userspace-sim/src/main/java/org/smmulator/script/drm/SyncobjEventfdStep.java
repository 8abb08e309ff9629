package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
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
import org.smmulator.uapi.drm.DrmSyncobjWait;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibSyncobj;

/** {@code syncobj_eventfd}: {@code DRM_IOCTL_SYNCOBJ_EVENTFD}. */
final class SyncobjEventfdStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");
  private final FormField<Long> point =
      optional("point", Scalar.NUMBER, 0L, "The point of a timeline.");
  private final FormField<Ref<Descriptor>> eventfd =
      required("eventfd", Ref.own(Kind.DESCRIPTOR), "The counter that is raised by 1.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[available]"),
          ImmutableList.of(),
          "DRM_SYNCOBJ_WAIT_FLAGS_WAIT_*.");

  SyncobjEventfdStep() {
    super(
        "syncobj_eventfd",
        "Has an event counter raised when a sync object's fence signals, or a point is reached.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    new LibSyncobj(found.drm())
        .signalEventFd(
            found.handle(),
            step.get(point),
            process.own(step.get(eventfd)).number(),
            FieldType.mask(step.get(flags), flag -> flag.bit));
    return null;
  }

  @Override
  protected String words(Step step) {
    String at = step.get(point) == 0 ? "" : " at " + step.get(point);
    return "has %s raised for %s%s".formatted(step.get(eventfd), step.get(syncobj), at);
  }

  private enum Flag {
    AVAILABLE(DrmSyncobjWait.WAIT_AVAILABLE);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }
}
