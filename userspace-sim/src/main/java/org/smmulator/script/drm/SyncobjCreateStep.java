package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;

/** {@code syncobj_create}: {@code DRM_IOCTL_SYNCOBJ_CREATE}. */
final class SyncobjCreateStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[signaled]"),
          ImmutableList.of(),
          "DRM_SYNCOBJ_CREATE_*: whether it begins with a fence that has signalled.");

  SyncobjCreateStep() {
    super("syncobj_create", "Makes a sync object.", DrmVocabulary.SYNCOBJ);
  }

  @Override
  protected DrmVocabulary.SyncobjHandle run(Step step, ProcessRun process) throws ErrnoException {
    LibDrm drm = LibDrm.of(process.own(step.get(fd)));
    int mask = isSignaled(step) ? DrmSyncobjCreate.SIGNALED : 0;
    return new DrmVocabulary.SyncobjHandle(drm, drm.createSyncobj(mask));
  }

  private boolean isSignaled(Step step) {
    return step.get(flags).contains(Flag.SIGNALED);
  }

  @Override
  protected String words(Step step) {
    String state = isSignaled(step) ? " that is signalled" : "";
    return "makes a sync object%s%s".formatted(state, step.asWords());
  }

  private enum Flag {
    SIGNALED
  }
}
